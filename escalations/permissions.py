"""Who may do what with the requests and reports of others, in one table.

Beside it stands what comes with a case itself: whoever it has come to sees it, and its level answers it.
"""

from people.models import Role
from people.permissions import permission

# The supervisors' desk: the queue and each case on its page there.
SEE = permission("escalations.view_case", Role.DIRECTOR, Role.CENTRE_DIRECTOR)
# Answer as the level that a case has reached.
ANSWER = permission("escalations.answer_case", Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
# See what has not come to oneself, and close what is carried out.
OVERSEE = permission("escalations.oversee_case", Role.DIRECTOR, Role.CENTRE_DIRECTOR)
OVERSEE_CONFIDENTIAL = permission("escalations.oversee_confidential_case", Role.CENTRE_DIRECTOR)
# Read the figures of what one oversees, or of what has come to oneself.
COUNT = permission("escalations.count_case", Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
