"""What kinds of breach the software notices, each with its sentence. Apps declare theirs beside what notices them."""

KINDS = {}


def kinds(sentences):
    """Declare {kind: lazy sentence with %(fact)s placeholders}; a kind is declared once."""
    if doubled := KINDS.keys() & sentences.keys():
        raise ValueError(f"kinds of breach declared twice: {sorted(doubled)}")
    KINDS.update(sentences)


def sentence(kind, facts):
    """The sentence in the reader's language; the bare kind where nobody declares it any more."""
    return str(KINDS[kind]) % facts if kind in KINDS else kind
