"""The pages of accounts: signing in and up, one's own account, people, roles."""

from huiqi.portal.accounts import (  # noqa: F401  their pages register themselves
    entry_pages,
    oidc_pages,
    own_pages,
    people_pages,
    role_pages,
    second_factor_pages,
    sign_in_pages,
    sign_up_pages,
)
