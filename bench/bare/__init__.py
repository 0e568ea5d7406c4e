"""The floor to measure from: four views such as Django's tutorial would write, and nothing else."""
