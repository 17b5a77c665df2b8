"""Users whom a demonstration has not, and the program that lets them in on its site."""

TWO_FIRMS, CAREFUL = "two-firms", "careful"
"""One bound to two firms, and one who is asked for a code after the password."""
PASSWORD = "only in this test 1"
MORE_PEOPLE = f"""
import datetime
from huiqi.cli.site import open_site
open_site()
from huiqi.portal.accounts import second_factor
from huiqi.portal.accounts.models import User
from huiqi.portal.firms.models import Binding, Firm
now = datetime.datetime(2022, 8, 1, tzinfo=datetime.UTC)
both = User.objects.create_user({TWO_FIRMS!r}, password={PASSWORD!r}, name="两家企业的经办人")
for firm in Firm.objects.for_site("the test binds").order_by("pk")[:2]:
    Binding.objects.create(user=both, firm=firm, state="bound", asked_at=now)
careful = User.objects.create_user({CAREFUL!r}, password={PASSWORD!r}, name="使用验证码的用户")
factor = second_factor.begin(careful, now)
factor.confirmed_at = now
factor.save()
"""
