"""Add fingerprints, near copies and what people decide about them."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "copy_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "what IN ('merge', 'chain', 'not_a_copy', 'accept_move')",
            name=op.f("ck_copy_decision_what"),
        ),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_copy_decision_two")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_copy_decision_by_id")),
        sa.ForeignKeyConstraint(["first_id"], ["asset.id"], name=op.f("fk_copy_decision_first_id")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["asset.id"], name=op.f("fk_copy_decision_second_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_decision")),
    )
    with op.batch_alter_table("copy_decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_copy_decision_first_id"), ["first_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_copy_decision_second_id"), ["second_id"], unique=False)

    op.create_table(
        "near_copy",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("forward", sa.Double(), nullable=False),
        sa.Column("backward", sa.Double(), nullable=False),
        sa.Column("diff", sa.JSON(), nullable=False),
        sa.CheckConstraint("version_id < other_id", name=op.f("ck_near_copy_order")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["asset_version.id"], name=op.f("fk_near_copy_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["asset_version.id"], name=op.f("fk_near_copy_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "other_id", name=op.f("pk_near_copy")),
    )
    with op.batch_alter_table("near_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_near_copy_other_id"), ["other_id"], unique=False)

    op.create_table(
        "version_print",
        sa.Column("version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("pages", sa.LargeBinary(), nullable=False),
        sa.Column("keys", sa.LargeBinary(), nullable=False),
        sa.Column("sketches", sa.LargeBinary(), nullable=False),
        sa.Column("compared", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["asset_version.id"], name=op.f("fk_version_print_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_version_print")),
    )
    sql = Path(__file__).parents[1] / "sql" / "0002_triggers.sql"
    for statement in sql.read_text("utf-8").split("\n--\n"):
        op.execute(statement)
