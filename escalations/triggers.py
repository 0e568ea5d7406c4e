"""The database refuses to change what superiors and reporters have said, and a case once it has ended."""

from callcentre.triggers import Refusing

FIXED = (
    "kind", "category", "urgent", "what_happened", "happened_at", "proposed_handling", "reporter_id", "submitted_at",
    "goes_to", "skip_reason",
)  # fmt: skip
NEVER = "1 = 1"
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
    },
)
