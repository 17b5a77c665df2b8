"""The answers app."""

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    """Questions and answers. It keeps no rows: what is said stays in the visitor's session."""

    name = "huiqi.portal.answers"
    label = "answers"
