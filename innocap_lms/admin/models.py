"""What administrators have set of plugins."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from innocap_lms.extensions import Base


class PluginSetting(Base):
    """A value that is not the default. It stays when its plugin goes, for the day it returns."""

    __tablename__ = "plugin_setting"
    plugin: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
