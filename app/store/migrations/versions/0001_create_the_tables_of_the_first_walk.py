"""Create the tables of the first walk."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from app.store.types import UidBytes

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go up."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("crm_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("source", "crm_id", name=op.f("uq_account_source_crm_id")),
    )
    op.create_table(
        "change",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(length=1), nullable=False),
        sa.Column("at", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.create_index("ix_change_entity_entity_id", ["entity", "entity_id"], unique=False)

    op.create_table(
        "facet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("multi", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facet")),
        sa.UniqueConstraint("key", name=op.f("uq_facet_key")),
    )
    op.create_table(
        "library_meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_library_meta")),
    )
    op.create_table(
        "library_root",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", UidBytes(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="never_indexed", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('never_indexed', 'online', 'offline')", name=op.f("ck_library_root_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_root")),
        sa.UniqueConstraint("name", name=op.f("uq_library_root_name")),
        sa.UniqueConstraint("uid", name=op.f("uq_library_root_uid")),
    )
    op.create_table(
        "page_text",
        sa.Column("sha", sa.LargeBinary(length=16), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_page_text")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", UidBytes(length=16), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), server_default="", nullable=False),
        sa.Column("region", sa.Text(), server_default="", nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "role IN ('rep', 'marketer', 'lead', 'admin')", name=op.f("ck_person_role")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("uid", name=op.f("uq_person_uid")),
    )
    op.create_table(
        "usage_day",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("n_view", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_use", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_send", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", "asset_id", name=op.f("pk_usage_day")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("usage_day", schema=None) as batch_op:
        batch_op.create_index("ix_usage_day_asset_id_day", ["asset_id", "day"], unique=False)

    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("uid", UidBytes(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="published", nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("current_version_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("review_due_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f("ck_asset_published")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'approved', 'published', 'under_revision', 'expired', 'archived')",
            name=op.f("ck_asset_status"),
        ),
        sa.CheckConstraint(
            "superseded_by_id <> id AND merged_into_id <> id", name=op.f("ck_asset_no_self")
        ),
        sa.ForeignKeyConstraint(
            ["id", "current_version_id"],
            ["asset_version.asset_id", "asset_version.id"],
            name="fk_asset_current_version",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["asset.id"], name=op.f("fk_asset_merged_into_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_asset_owner_id")),
        sa.ForeignKeyConstraint(
            ["superseded_by_id"], ["asset.id"], name=op.f("fk_asset_superseded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset")),
        sa.UniqueConstraint("uid", name=op.f("uq_asset_uid")),
    )
    with op.batch_alter_table("asset", schema=None) as batch_op:
        batch_op.create_index(
            "ix_asset_status_published_at", ["status", "published_at"], unique=False
        )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_sha", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("n_rows", sa.Integer(), nullable=False),
        sa.Column("n_bad", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_batch_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("source", "file_sha", name=op.f("uq_import_batch_source_file_sha")),
    )
    op.create_table(
        "search_event",
        sa.Column("uid", UidBytes(length=16), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.Column("filters", sa.JSON(), nullable=False),
        sa.Column("n_results", sa.Integer(), nullable=False),
        sa.Column("top_ids", sa.JSON(), nullable=False),
        sa.CheckConstraint("n_results >= 0", name=op.f("ck_search_event_n")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_search_event_person_id")
        ),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_search_event")),
    )
    with op.batch_alter_table("search_event", schema=None) as batch_op:
        batch_op.create_index("ix_search_event_at", ["at"], unique=False)

    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facet_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("exempt", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=True),
        sa.Column("canonical_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'merged') = (canonical_id IS NOT NULL)", name=op.f("ck_term_merged")
        ),
        sa.CheckConstraint(
            "status IN ('active', 'retired', 'merged')", name=op.f("ck_term_status")
        ),
        sa.CheckConstraint("canonical_id <> id", name=op.f("ck_term_no_self")),
        sa.ForeignKeyConstraint(
            ["facet_id", "canonical_id"],
            ["term.facet_id", "term.id"],
            name=op.f("fk_term_facet_id_canonical_id"),
        ),
        sa.ForeignKeyConstraint(["facet_id"], ["facet.id"], name=op.f("fk_term_facet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("facet_id", "id", name=op.f("uq_term_facet_id_id")),
        sa.UniqueConstraint("facet_id", "slug", name=op.f("uq_term_facet_id_slug")),
    )
    op.create_table(
        "asset_tag",
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "source <> 'human' OR by_id IS NOT NULL", name=op.f("ck_asset_tag_human_by")
        ),
        sa.CheckConstraint(
            "source <> 'suggested' OR confidence IS NOT NULL",
            name=op.f("ck_asset_tag_suggested_confidence"),
        ),
        sa.CheckConstraint(
            "source IN ('human', 'suggested', 'inherited', 'rule')",
            name=op.f("ck_asset_tag_source"),
        ),
        sa.CheckConstraint(
            "state <> 'rejected' OR by_id IS NOT NULL", name=op.f("ck_asset_tag_rejected_by")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'rejected')", name=op.f("ck_asset_tag_state")
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_asset_tag_confidence")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_tag_asset_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_asset_tag_by_id")),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_asset_tag_term_id")),
        sa.PrimaryKeyConstraint("asset_id", "term_id", name=op.f("pk_asset_tag")),
    )
    with op.batch_alter_table("asset_tag", schema=None) as batch_op:
        batch_op.create_index(
            "ix_asset_tag_term_id_asset_id",
            ["term_id", "asset_id"],
            unique=False,
            sqlite_where=sa.text("state = 'accepted'"),
            postgresql_where=sa.text("state = 'accepted'"),
        )

    op.create_table(
        "asset_version",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("page_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("extract_state", sa.Text(), nullable=False),
        sa.Column("extract_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column("modified_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "extract_state IN ('indexed', 'no_text', 'name_only', 'protected', 'damaged', 'too_large', 'unsupported')",
            name=op.f("ck_asset_version_extract"),
        ),
        sa.CheckConstraint("length(sha256) = 32", name=op.f("ck_asset_version_sha_len")),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_version_asset_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_version")),
        sa.UniqueConstraint("asset_id", "id", name=op.f("uq_asset_version_asset_id_id")),
        sa.UniqueConstraint("asset_id", "sha256", name=op.f("uq_asset_version_asset_id_sha256")),
    )
    with op.batch_alter_table("asset_version", schema=None) as batch_op:
        batch_op.create_index("ix_asset_version_sha256", ["sha256"], unique=False)

    op.create_table(
        "deal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("crm_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("stage_raw", sa.Text(), server_default="", nullable=False),
        sa.Column("stage_term_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="open", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(outcome = 'open') = (closed_at IS NULL)", name=op.f("ck_deal_closed")),
        sa.CheckConstraint("outcome IN ('open', 'won', 'lost')", name=op.f("ck_deal_outcome")),
        sa.CheckConstraint(
            "(amount_minor IS NULL) = (currency IS NULL)", name=op.f("ck_deal_money")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_deal_account_id")),
        sa.ForeignKeyConstraint(["import_id"], ["import_batch.id"], name=op.f("fk_deal_import_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_deal_owner_id")),
        sa.ForeignKeyConstraint(["stage_term_id"], ["term.id"], name=op.f("fk_deal_stage_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal")),
        sa.UniqueConstraint("source", "crm_id", name=op.f("uq_deal_source_crm_id")),
    )
    with op.batch_alter_table("deal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_deal_outcome_closed_at", ["outcome", "closed_at"], unique=False)

    op.create_table(
        "term_synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facet_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("norm", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facet_id", "term_id"],
            ["term.facet_id", "term.id"],
            name=op.f("fk_term_synonym_facet_id_term_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_synonym")),
        sa.UniqueConstraint("facet_id", "norm", name=op.f("uq_term_synonym_facet_id_norm")),
    )
    op.create_table(
        "asset_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Integer(), nullable=False),
        sa.Column("relpath", sa.Text(), nullable=False),
        sa.Column("raw_name", sa.LargeBinary(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.Column("missing_since", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asset_id", "version_id"],
            ["asset_version.asset_id", "asset_version.id"],
            name=op.f("fk_asset_file_asset_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_asset_file_asset_id")),
        sa.ForeignKeyConstraint(
            ["root_id"], ["library_root.id"], name=op.f("fk_asset_file_root_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asset_file")),
        sa.UniqueConstraint("root_id", "relpath", name=op.f("uq_asset_file_root_id_relpath")),
    )
    with op.batch_alter_table("asset_file", schema=None) as batch_op:
        batch_op.create_index("ix_asset_file_asset_id", ["asset_id"], unique=False)
        batch_op.create_index("ix_asset_file_file_key", ["file_key"], unique=False)

    op.create_table(
        "page",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page_no", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default=sa.text("0"), nullable=False),
        sa.Column("sha", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["sha"], ["page_text.sha"], name=op.f("fk_page_sha")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["asset_version.id"], name=op.f("fk_page_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "page_no", name=op.f("pk_page")),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_sha"), ["sha"], unique=False)

    op.create_table(
        "request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", UidBytes(length=16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), server_default="submitted", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("search_norm", sa.Text(), server_default="", nullable=False),
        sa.Column("fulfilled_by_id", sa.Integer(), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(status = 'merged') = (duplicate_of_id IS NOT NULL)", name=op.f("ck_request_merged")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'triage', 'needs_info', 'answered', 'merged', 'declined', 'accepted', 'scheduled', 'in_progress', 'in_review', 'delivered', 'closed')",
            name=op.f("ck_request_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('answered', 'delivered') OR fulfilled_by_id IS NOT NULL",
            name=op.f("ck_request_fulfilled"),
        ),
        sa.CheckConstraint("trim(title) <> ''", name=op.f("ck_request_title")),
        sa.CheckConstraint("duplicate_of_id <> id", name=op.f("ck_request_no_self")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_request_account_id")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["person.id"], name=op.f("fk_request_assignee_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_request_by_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_request_deal_id")),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["request.id"], name=op.f("fk_request_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(
            ["fulfilled_by_id"], ["asset.id"], name=op.f("fk_request_fulfilled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("uid", name=op.f("uq_request_uid")),
    )
    op.create_table(
        "usage_event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("uid", UidBytes(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("stage_id", sa.Integer(), nullable=True),
        sa.Column("search_uid", UidBytes(length=16), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('view', 'open', 'send', 'share', 'copy', 'feedback')",
            name=op.f("ck_usage_event_kind"),
        ),
        sa.CheckConstraint("at > 1000000000000", name=op.f("ck_usage_event_at_ms")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_usage_event_account_id")
        ),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name=op.f("fk_usage_event_asset_id")),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_usage_event_deal_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_usage_event_person_id")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["term.id"], name=op.f("fk_usage_event_stage_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["asset_version.id"], name=op.f("fk_usage_event_version_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_usage_event")),
        sa.UniqueConstraint("uid", name=op.f("uq_usage_event_uid")),
    )
    with op.batch_alter_table("usage_event", schema=None) as batch_op:
        batch_op.create_index("ix_usage_event_asset_id_at", ["asset_id", "at"], unique=False)
        batch_op.create_index(
            "ix_usage_event_deal",
            ["deal_id", "asset_id", "kind"],
            unique=False,
            sqlite_where=sa.text("deal_id IS NOT NULL"),
            postgresql_where=sa.text("deal_id IS NOT NULL"),
        )
        batch_op.create_index("ix_usage_event_person_id_at", ["person_id", "at"], unique=False)
        batch_op.create_index(
            "ix_usage_event_search_uid",
            ["search_uid"],
            unique=False,
            sqlite_where=sa.text("search_uid IS NOT NULL"),
            postgresql_where=sa.text("search_uid IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_usage_event_use",
            ["at", "asset_id", "person_id", "kind"],
            unique=False,
            sqlite_where=sa.text("kind IN ('open', 'send', 'share', 'copy')"),
            postgresql_where=sa.text("kind IN ('open', 'send', 'share', 'copy')"),
        )

    op.create_table(
        "request_status",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_request_status_by_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_request_status_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_status")),
    )
    with op.batch_alter_table("request_status", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_status_request_id"), ["request_id"], unique=False
        )

    op.create_table(
        "request_term",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_request_term_request_id")
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name=op.f("fk_request_term_term_id")),
        sa.PrimaryKeyConstraint("request_id", "term_id", name=op.f("pk_request_term")),
    )
    op.create_table(
        "request_vote",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deal_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deal.id"], name=op.f("fk_request_vote_deal_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_request_vote_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_request_vote_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_request_vote")),
    )
    sql = Path(__file__).parents[1] / "sql" / "0001_triggers.sql"
    for statement in sql.read_text("utf-8").split("\n--\n"):
        op.execute(statement)
