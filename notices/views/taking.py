from callcentre.refusals import Refused


def taken(form, step):
    """What the step returns; None, with the form saying why, where it is refused or the form is not in order."""
    if not form.is_valid():
        return None
    try:
        return step()
    except Refused as refused:
        form.refuse(refused)
        return None
