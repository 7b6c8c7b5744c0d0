"""Certificates: issue, render, verify."""
