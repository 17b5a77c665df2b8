"""Two programs at one moment on a site of their own: both begin at the same word, and what each was told is compared."""

import json

BEGIN = """
from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.firms.models import Firm
from huiqi.reference.credit_codes import make_credit_code

TODAY = datetime.date(2022, 8, 1)
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)

def code(number): return make_credit_code("532503", f"MA6K{number:04}")
def actor(name): return actor_of(User.objects.get(username=name), TODAY)
"""
"""What programs of a race begin with: firms by number, users by name, the day."""
WAIT = """
print("ready")
sys.stdin.readline()
"""
"""Where the two wait for each other."""


def race(site, code, *arguments):
    """Run a program twice at once, as `first` and as `second`; what the two printed, side by side, round by round."""
    racers = [site.start(code, name, *arguments) for name in ("first", "second")]
    for each in racers:
        assert each.stdout.readline() == "ready\n", each.stderr.read()
    for each in racers:
        each.stdin.write("go\n")
        each.stdin.flush()
    ended = [each.communicate(timeout=90) for each in racers]
    assert [each.returncode for each in racers] == [0, 0], ended
    return list(zip(*(json.loads(out) for out, _errors in ended), strict=True))
