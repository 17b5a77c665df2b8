"""The demonstration's offices and users: who signs in as what, with passwords that are random in each set-up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.accounts.roles import roles
from huiqi.reference import regions

PREFECTURE, PROVINCE = "532500", "530000"
BEGINS = date(2022, 1, 1)
OWNER, SECOND_OWNER, NEWCOMER = "owner", "second-owner", "newcomer"
_OF_PROVINCE = ("finance", "approver")
_OF_PREFECTURE = ("reviewer", "approver", "finance", "leading_group", "analyst", "auditor", "administrator")
_OF_COUNTIES = ("532503", "532501")
"""The counties whose offices have users for more roles than the officer who hands rosters in."""
_MORE_ROLES = ("reviewer", "finance", "auditor")
_LOCAL = {"532503": "mengzi", "532501": "gejiu"}


@dataclass(frozen=True, slots=True)
class Known:
    """A user of the demonstration: `what` says in Chinese and English what they are for."""

    name: str
    password: str
    what: tuple[str, str]


def counties() -> list[str]:
    """Return the codes of the prefecture's counties."""
    return [each.code for each in regions.children(PREFECTURE)]


def officer_of(county: str) -> str:
    """Return the name under which a county's officer signs in."""
    return f"{_LOCAL.get(county, county)}-officer"


def make_people() -> list[Known]:
    """Make offices, users and appointments, as an installation does before its site opens."""
    made: list[Known] = []
    province, prefecture = _agency(PROVINCE), _agency(PREFECTURE)
    made += [_user(f"province-{role}", role, province) for role in _OF_PROVINCE]
    for role in _OF_PREFECTURE:
        made.append(_user(role.replace("_", "-"), role, prefecture))
    for county in counties():
        office = _agency(county)
        made.append(_user(officer_of(county), "county_officer", office))
        for role in _MORE_ROLES if county in _OF_COUNTIES else ():
            made.append(_user(f"{_LOCAL[county]}-{role}", role, office))
    made.append(_member(OWNER, "企业经办人", ("已绑定蒙自市一户企业", "is bound to a firm of Mengzi")))
    made.append(
        _member(
            SECOND_OWNER, "企业经办人", ("所绑定企业在公示名单中", "whose firm is on a list in public notice")
        )
    )
    made.append(_member(NEWCOMER, "个体户经办人", ("绑定申请待核", "waits for the check of a binding")))
    return made


def _agency(region: str) -> Agency:
    place = regions.region(region)
    name = f"{place.name}中小企业纾困帮扶工作领导小组办公室"
    return Agency.objects.create(code=f"{region}-relief", name=name, region=region)


def _user(name: str, role: str, agency: Agency) -> Known:
    kind = roles()[role]
    place = regions.region(agency.region)
    user = User(username=name, name=f"{place.name}{kind.zh}", agency=agency, region=agency.region)
    password = _keep(user)
    Appointment.objects.create(user=user, agency=agency, role=role, begins=BEGINS)
    return Known(name, password, (f"{place.name} {kind.zh}", f"{kind.en}, {place.code}"))


def _member(name: str, title: str, what: tuple[str, str]) -> Known:
    password = _keep(User(username=name, name=title, region="532503"))
    return Known(name, password, what)


def _keep(user: User) -> str:
    """Save a user with a new password, and return it."""
    password = secrets.token_urlsafe(9)
    # What is drawn by chance from so many needs no slow digest; signing in makes it a slow one.
    user.password = PBKDF2PasswordHasher().encode(password, secrets.token_hex(8), iterations=1000)
    user.save()
    return password
