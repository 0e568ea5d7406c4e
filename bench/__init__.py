"""How fast the product is, beside a bare Django project served the same way: `make bench`."""
