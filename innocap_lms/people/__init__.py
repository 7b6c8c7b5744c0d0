"""Organisations, units, accounts, memberships, roles and scope, sign-in, sessions."""
