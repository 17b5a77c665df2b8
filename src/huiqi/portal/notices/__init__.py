"""Notices (消息): told in the site, by e-mail and by SMS; written with the act, sent once after it."""
