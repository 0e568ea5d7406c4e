"""The database refuses to change what superiors and reporters have said or attached, and a case once it has ended."""

from callcentre.triggers import Refusing

FIXED = (
    "kind", "category", "urgent", "what_happened", "happened_at", "proposed_handling", "reporter_id", "submitted_at",
    "goes_to", "skip_reason",
)  # fmt: skip
NEVER = "1 = 1"
# A file comes with its case while that is a draft, later with a remark of the case; to an ended case none is added.
FILE_TOO_LATE = """
    EXISTS (SELECT 1 FROM escalations_case WHERE id = NEW.case_id
            AND (status IN ('closed', 'withdrawn') OR NEW.remark_id IS NULL AND submitted_at IS NOT NULL))
    OR EXISTS (SELECT 1 FROM escalations_remark WHERE id = NEW.remark_id AND case_id <> NEW.case_id)
"""
FILE_FIXED = "EXISTS (SELECT 1 FROM escalations_case WHERE id = OLD.case_id AND status <> 'draft')"
CHANGED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in FIXED)

REFUSING = Refusing(
    "fixed",
    "what is said in a request is never changed",
    {
        ("escalations_case", "update"): (
            f"OLD.status IN ('closed', 'withdrawn') OR OLD.submitted_at IS NOT NULL AND ({CHANGED})"
        ),
        ("escalations_case", "delete"): "OLD.submitted_at IS NOT NULL",
        ("escalations_instruction", "update"): NEVER,
        ("escalations_instruction", "delete"): NEVER,
        ("escalations_remark", "update"): NEVER,
        ("escalations_remark", "delete"): NEVER,
        ("escalations_dissent", "update"): (
            "OLD.status <> 'raised' OR NEW.text <> OLD.text OR NEW.by_id <> OLD.by_id OR NEW.at <> OLD.at"
        ),
        ("escalations_dissent", "delete"): NEVER,
        ("escalations_followup", "update"): "OLD.status = 'acknowledged' OR OLD.text <> '' AND NEW.text <> OLD.text",
        ("escalations_followup", "delete"): NEVER,
        ("escalations_casefile", "insert"): FILE_TOO_LATE,
        ("escalations_casefile", "update"): NEVER,
        ("escalations_casefile", "delete"): FILE_FIXED,
    },
)
