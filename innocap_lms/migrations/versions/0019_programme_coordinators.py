"""A programme coordinator has a role that, like an administrator's, belongs to no organisation."""

from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

BEFORE = {
    'roles': "('learner', 'trainer', 'assessor', 'hr', 'manager', 'admin')",
    'everywhere': "role = 'admin'",
}
AFTER = {
    'roles': "('learner', 'trainer', 'assessor', 'hr', 'manager', 'coordinator', 'admin')",
    'everywhere': "role IN ('coordinator', 'admin')",
}
# SQLite changes a check only by copying the table, and a copy has what is written here.
COLUMNS = 'id, person_id, organisation_id, unit_id, role, valid_from, valid_until, track'
MEMBERSHIP = """CREATE TABLE membership_copy (
    id VARCHAR NOT NULL,
    person_id VARCHAR NOT NULL,
    organisation_id VARCHAR,
    unit_id VARCHAR,
    role VARCHAR NOT NULL,
    valid_from DATETIME NOT NULL,
    valid_until DATETIME,
    track VARCHAR CONSTRAINT ck_membership_track CHECK (role IN ('trainer', 'assessor') OR track IS NULL),
    CONSTRAINT ck_membership_manager_unit CHECK (role <> 'manager' OR unit_id IS NOT NULL),
    CONSTRAINT ck_membership_somewhere CHECK ({everywhere} OR organisation_id IS NOT NULL),
    CONSTRAINT ck_membership_role CHECK (role IN {roles}),
    CONSTRAINT fk_membership_organisation_id_organisation FOREIGN KEY(organisation_id) REFERENCES organisation (id),
    CONSTRAINT fk_membership_person_id_person FOREIGN KEY(person_id) REFERENCES person (id),
    CONSTRAINT fk_membership_unit_id_unit FOREIGN KEY(unit_id) REFERENCES unit (id),
    CONSTRAINT pk_membership PRIMARY KEY (id)
)"""


def upgrade() -> None:
    change_checks(AFTER)


def downgrade() -> None:
    # An older version knows no coordinators, and could not read their roles.
    op.execute("DELETE FROM membership WHERE role = 'coordinator'")
    change_checks(BEFORE)


def change_checks(new: dict[str, str]) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        copy_membership(new)
        return
    for name in ('role', 'somewhere'):
        op.drop_constraint(op.f(f'ck_membership_{name}'), 'membership')
    op.create_check_constraint(op.f('ck_membership_role'), 'membership', f"role IN {new['roles']}")
    somewhere = f"{new['everywhere']} OR organisation_id IS NOT NULL"
    op.create_check_constraint(op.f('ck_membership_somewhere'), 'membership', somewhere)


def copy_membership(checks: dict[str, str]) -> None:
    """No table refers to memberships, so that the old one can go."""
    op.execute(MEMBERSHIP.format(**checks))
    op.execute(f'INSERT INTO membership_copy ({COLUMNS}) SELECT {COLUMNS} FROM membership')
    op.drop_table('membership')
    op.rename_table('membership_copy', 'membership')
    for name in ('organisation_id', 'person_id', 'unit_id'):
        op.create_index(f'ix_membership_{name}', 'membership', [name])
