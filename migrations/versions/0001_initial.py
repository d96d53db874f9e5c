"""Initial."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["areas.code"], name=op.f("fk_areas_parent_code_areas")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_areas")),
    )
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("official", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.create_table(
        "callers",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(), nullable=True),
        sa.Column("name_masked", sa.String(), nullable=True),
        sa.Column("phone_masked", sa.String(), nullable=True),
        sa.Column("enterprise", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callers")),
        sa.UniqueConstraint("phone_index", name=op.f("uq_callers_phone_index")),
    )
    op.create_index(op.f("ix_callers_created_at"), "callers", ["created_at"], unique=False)
    op.create_table(
        "categories",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["categories.code"], name=op.f("fk_categories_parent_code_categories")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_categories")),
    )
    op.create_table(
        "daily_serials",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_serials")),
    )
    op.create_table(
        "departments",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "ledger_anchors",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("anchored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_anchors")),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_marks")),
    )
    op.create_table(
        "outbox_messages",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
    )
    op.create_index(
        "ix_outbox_messages_due_at",
        "outbox_messages",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
    )
    op.create_table(
        "lanes",
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("reckoned_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_lanes_category_code_categories")
        ),
        sa.PrimaryKeyConstraint("category_code", "model", name=op.f("pk_lanes")),
    )
    op.create_table(
        "users",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name=op.f("fk_users_department_code_departments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "calendar_versions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "proposed",
                "applied",
                "dropped",
                name="calendarstanding",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("changes_hours", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("relieved", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("follows_to", sa.BigInteger(), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_calendar_versions_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_calendar_versions_proposed_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("number", name=op.f("uq_calendar_versions_number")),
    )
    op.create_index(op.f("ix_calendar_versions_standing"), "calendar_versions", ["standing"], unique=False)
    op.create_table(
        "catalogue_versions",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "standing",
            sa.Enum(
                "draft",
                "in_force",
                "retired",
                "dropped",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["users.id"], name=op.f("fk_catalogue_versions_made_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["users.id"], name=op.f("fk_catalogue_versions_published_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_versions")),
        sa.UniqueConstraint("number", name=op.f("uq_catalogue_versions_number")),
    )
    op.create_index(op.f("ix_catalogue_versions_digest"), "catalogue_versions", ["digest"], unique=False)
    op.create_index(op.f("ix_catalogue_versions_rules"), "catalogue_versions", ["rules"], unique=False)
    op.create_index(
        "ux_catalogue_versions_draft",
        "catalogue_versions",
        ["standing"],
        unique=True,
        sqlite_where=sa.text("standing = 'draft'"),
        postgresql_where=sa.text("standing = 'draft'"),
    )
    op.create_index(
        "ux_catalogue_versions_in_force",
        "catalogue_versions",
        ["standing"],
        unique=True,
        sqlite_where=sa.text("standing = 'in_force'"),
        postgresql_where=sa.text("standing = 'in_force'"),
    )
    op.create_table(
        "city_words",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["users.id"], name=op.f("fk_city_words_added_by_id_users")),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_city_words")),
    )
    op.create_table(
        "digests",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shift_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_digests_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("user_id", "shift_at", name=op.f("uq_digests_user_id_shift_at")),
    )
    op.create_table(
        "drafts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("fields_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drafts_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("user_id", "request_key", name=op.f("uq_drafts_user_id_request_key")),
    )
    op.create_table(
        "lane_holds",
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_lane_holds_by_id_users")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_lane_holds_category_code_categories")
        ),
        sa.PrimaryKeyConstraint("category_code", name=op.f("pk_lane_holds")),
    )
    op.create_table(
        "lane_turns",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "turn",
            sa.Enum(
                "proved",
                "broken",
                "held",
                "released",
                name="turn",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_lane_turns_by_id_users")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_lane_turns_category_code_categories")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane_turns")),
    )
    op.create_index(op.f("ix_lane_turns_at"), "lane_turns", ["at"], unique=False)
    op.create_index(
        op.f("ix_lane_turns_category_code_at"), "lane_turns", ["category_code", "at"], unique=False
    )
    op.create_table(
        "model_versions",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "shadow",
                "in_force",
                "retired",
                "refused",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("taught", sa.JSON(), nullable=False),
        sa.Column("trial", sa.JSON(), nullable=False),
        sa.Column("reference", sa.JSON(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("shadow_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_force_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promoted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["promoted_by_id"], ["users.id"], name=op.f("fk_model_versions_promoted_by_id_users")
        ),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_model_versions")),
    )
    op.create_table(
        "tickets",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("retrieval_hash", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "logged",
                "dispatched",
                "accepted",
                "return_requested",
                "disputed",
                "suspended",
                "deferred",
                "resolved",
                "awaiting_follow_up",
                "closed",
                "transferred",
                "merged",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "enquiry",
                "help",
                "complaint",
                "report",
                "suggestion",
                "praise",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "urgency",
            sa.Enum(
                "normal",
                "urgent",
                "critical",
                name="urgency",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "phone",
                "wechat",
                "web",
                "app",
                "sms",
                "email",
                "social",
                "hall",
                "mayor_mailbox",
                "national_platform",
                "other",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("own_until", sa.Integer(), nullable=True),
        sa.Column("wish", sa.String(), nullable=False),
        sa.Column("occurred", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("area_code", sa.String(), nullable=True),
        sa.Column("category_code", sa.String(), nullable=True),
        sa.Column(
            "category_source",
            sa.Enum(
                "person",
                "model",
                "keywords",
                name="categorysource",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("risks", sa.JSON(), nullable=False),
        sa.Column("caller_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("enterprise", sa.Boolean(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lead_code", sa.String(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("recall_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("designated", sa.Boolean(), nullable=False),
        sa.Column("supervised", sa.Integer(), nullable=False),
        sa.Column("urged", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("resume_on", sa.Date(), nullable=True),
        sa.Column(
            "closing",
            sa.Enum(
                "followed_up",
                "answered",
                "unreached",
                "after_limit",
                "not_sampled",
                name="closing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_stage", sa.String(), nullable=True),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("last_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["area_code"], ["areas.code"], name=op.f("fk_tickets_area_code_areas")),
        sa.ForeignKeyConstraint(["caller_id"], ["callers.id"], name=op.f("fk_tickets_caller_id_callers")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_tickets_category_code_categories")
        ),
        sa.ForeignKeyConstraint(
            ["lead_code"], ["departments.code"], name=op.f("fk_tickets_lead_code_departments")
        ),
        sa.ForeignKeyConstraint(["logged_by_id"], ["users.id"], name=op.f("fk_tickets_logged_by_id_users")),
        sa.ForeignKeyConstraint(["parent_id"], ["tickets.id"], name=op.f("fk_tickets_parent_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
        sa.UniqueConstraint("request_key", name=op.f("uq_tickets_request_key")),
    )
    op.create_index(op.f("ix_tickets_call_id"), "tickets", ["call_id"], unique=False)
    op.create_index(op.f("ix_tickets_caller_id"), "tickets", ["caller_id"], unique=False)
    op.create_index(
        op.f("ix_tickets_category_code_area_code"), "tickets", ["category_code", "area_code"], unique=False
    )
    op.create_index(
        op.f("ix_tickets_category_code_closed_at"), "tickets", ["category_code", "closed_at"], unique=False
    )
    op.create_index(op.f("ix_tickets_changed_at"), "tickets", ["changed_at"], unique=False)
    op.create_index(op.f("ix_tickets_closed_at"), "tickets", ["closed_at"], unique=False)
    op.create_index(
        op.f("ix_tickets_lead_code_changed_at"), "tickets", ["lead_code", "changed_at"], unique=False
    )
    op.create_index(
        op.f("ix_tickets_lead_code_status_next_due_at"),
        "tickets",
        ["lead_code", "status", "next_due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_tickets_logged_at"), "tickets", ["logged_at"], unique=False)
    op.create_index(op.f("ix_tickets_parent_id"), "tickets", ["parent_id"], unique=False)
    op.create_index(
        "ix_tickets_resume_on",
        "tickets",
        ["resume_on"],
        unique=False,
        sqlite_where=sa.text("resume_on IS NOT NULL"),
        postgresql_where=sa.text("resume_on IS NOT NULL"),
    )
    op.create_index(op.f("ix_tickets_status_next_due_at"), "tickets", ["status", "next_due_at"], unique=False)
    op.create_index(
        op.f("ix_tickets_status_urgency_next_due_at"),
        "tickets",
        ["status", "urgency", "next_due_at"],
        unique=False,
    )
    op.create_index(
        "ix_tickets_supervised",
        "tickets",
        ["lead_code", "supervised"],
        unique=False,
        sqlite_where=sa.text("supervised > 0"),
        postgresql_where=sa.text("supervised > 0"),
    )
    op.create_table(
        "trainings",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column(
            "cause",
            sa.Enum(
                "person",
                "week",
                "dictionary",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.String(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_trainings_asked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index(op.f("ix_trainings_asked_at"), "trainings", ["asked_at"], unique=False)
    op.create_table(
        "what_ifs",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("targets", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("refusal", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_what_ifs_asked_by_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_what_ifs")),
    )
    op.create_index(op.f("ix_what_ifs_asked_at"), "what_ifs", ["asked_at"], unique=False)
    op.create_table(
        "applications",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "return",
                "return_draft",
                "extension",
                "suspension",
                "exclusion",
                name="applicationkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "seconded",
                "granted",
                "refused",
                "lapsed",
                name="applicationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("suggested_code", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=True),
        sa.Column("dispatched_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("amount", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seconded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decision", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["users.id"], name=op.f("fk_applications_asked_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_applications_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["departments.code"],
            name=op.f("fk_applications_department_code_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["dispatched_by_id"], ["users.id"], name=op.f("fk_applications_dispatched_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["seconded_by_id"], ["users.id"], name=op.f("fk_applications_seconded_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["suggested_code"], ["departments.code"], name=op.f("fk_applications_suggested_code_departments")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_applications_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
    )
    op.create_index(
        op.f("ix_applications_kind_decided_at"), "applications", ["kind", "decided_at"], unique=False
    )
    op.create_index(
        op.f("ix_applications_state_kind_asked_at"),
        "applications",
        ["state", "kind", "asked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_applications_ticket_id_kind"), "applications", ["ticket_id", "kind"], unique=False
    )
    op.create_table(
        "assignments",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "lead",
                "assisting",
                "provisional",
                "convened",
                "whistled",
                "handed",
                name="part",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("assigned_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_to", sa.String(), nullable=True),
        sa.Column("from_code", sa.String(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("denied", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum(
                "declined",
                "released",
                "given_back",
                "reported",
                "recalled",
                "unsent",
                name="ending",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["assigned_by_id"], ["users.id"], name=op.f("fk_assignments_assigned_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name=op.f("fk_assignments_department_code_departments")
        ),
        sa.ForeignKeyConstraint(
            ["from_code"], ["departments.code"], name=op.f("fk_assignments_from_code_departments")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_assignments_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    op.create_index(
        op.f("ix_assignments_department_code_ended_at"),
        "assignments",
        ["department_code", "ended_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assignments_from_code_ended_at"), "assignments", ["from_code", "ended_at"], unique=False
    )
    op.create_index(
        op.f("ix_assignments_part_assigned_at"), "assignments", ["part", "assigned_at"], unique=False
    )
    op.create_index(
        op.f("ix_assignments_ticket_id_round"), "assignments", ["ticket_id", "round"], unique=False
    )
    op.create_table(
        "calendar_changes",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["calendar_versions.id"],
            name=op.f("fk_calendar_changes_version_id_calendar_versions"),
        ),
        sa.PrimaryKeyConstraint("version_id", "day", name=op.f("pk_calendar_changes")),
    )
    op.create_table(
        "catalogue_changes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_catalogue_changes_by_id_users")),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_catalogue_changes_ticket_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["catalogue_versions.id"],
            name=op.f("fk_catalogue_changes_version_id_catalogue_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_changes")),
    )
    op.create_index(
        op.f("ix_catalogue_changes_version_id"), "catalogue_changes", ["version_id"], unique=False
    )
    op.create_table(
        "claims",
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_claims_ticket_id_tickets")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_claims_user_id_users")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_claims")),
    )
    op.create_table(
        "follow_ups",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("request_key", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column(
            "via",
            sa.Enum(
                "phone", "link", "track", name="via", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.Column(
            "contacted",
            sa.Enum(
                "yes", "no", "unsure", name="contacted", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "solved",
            sa.Enum(
                "yes", "partly", "no", name="solved", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("satisfied", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_follow_ups_by_id_users")),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name=op.f("fk_follow_ups_department_code_departments")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_follow_ups_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
        sa.UniqueConstraint("request_key", name=op.f("uq_follow_ups_request_key")),
        sa.UniqueConstraint(
            "ticket_id", "round", "attempt", name=op.f("uq_follow_ups_ticket_id_round_attempt")
        ),
    )
    op.create_index(op.f("ix_follow_ups_at"), "follow_ups", ["at"], unique=False)
    op.create_index(
        op.f("ix_follow_ups_department_code_at"), "follow_ups", ["department_code", "at"], unique=False
    )
    op.create_table(
        "judgements",
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("category_code", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("lead_code", sa.String(), nullable=True),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("eligible", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_judgements_category_code_categories")
        ),
        sa.ForeignKeyConstraint(
            ["lead_code"], ["departments.code"], name=op.f("fk_judgements_lead_code_departments")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_judgements_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("ticket_id", "model", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_in_force_at"), "judgements", ["in_force", "at"], unique=False)
    op.create_index(
        op.f("ix_judgements_model_category_code_at"),
        "judgements",
        ["model", "category_code", "at"],
        unique=False,
    )
    op.create_table(
        "lessons",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category_code", sa.String(), nullable=False),
        sa.Column("lead_code", sa.String(), nullable=True),
        sa.Column(
            "misled",
            sa.Enum(
                "words",
                "place",
                "catalogue",
                "story",
                name="misled",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_lessons_by_id_users")),
        sa.ForeignKeyConstraint(
            ["category_code"], ["categories.code"], name=op.f("fk_lessons_category_code_categories")
        ),
        sa.ForeignKeyConstraint(
            ["lead_code"], ["departments.code"], name=op.f("fk_lessons_lead_code_departments")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_lessons_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
    )
    op.create_index(op.f("ix_lessons_ticket_id_stands"), "lessons", ["ticket_id", "stands"], unique=False)
    op.create_table(
        "notices",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name=op.f("fk_notices_department_code_departments")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_notices_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_notices_outbox_id")),
    )
    op.create_index(
        op.f("ix_notices_department_code_read_at"), "notices", ["department_code", "read_at"], unique=False
    )
    op.create_index(op.f("ix_notices_role_read_at"), "notices", ["role", "read_at"], unique=False)
    op.create_table(
        "supervision_orders",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "issued",
                "answered",
                "accepted",
                "cancelled",
                "escalated",
                "lapsed",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("leader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("within", sa.String(), nullable=True),
        sa.Column("clock", sa.String(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("escalated_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replied_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["users.id"], name=op.f("fk_supervision_orders_decided_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["departments.code"],
            name=op.f("fk_supervision_orders_department_code_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["escalated_from_id"],
            ["supervision_orders.id"],
            name=op.f("fk_supervision_orders_escalated_from_id_supervision_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["users.id"], name=op.f("fk_supervision_orders_issued_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["users.id"], name=op.f("fk_supervision_orders_leader_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["replied_by_id"], ["users.id"], name=op.f("fk_supervision_orders_replied_by_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_supervision_orders_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_orders_number")),
        sa.UniqueConstraint("ticket_id", "nth", name=op.f("uq_supervision_orders_ticket_id_nth")),
    )
    op.create_index(
        op.f("ix_supervision_orders_department_code_state"),
        "supervision_orders",
        ["department_code", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervision_orders_issued_at"), "supervision_orders", ["issued_at"], unique=False
    )
    op.create_index(
        "ix_supervision_orders_live",
        "supervision_orders",
        ["ticket_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('issued', 'answered')"),
        postgresql_where=sa.text("state IN ('issued', 'answered')"),
    )
    op.create_index(
        op.f("ix_supervision_orders_state_issued_at"),
        "supervision_orders",
        ["state", "issued_at"],
        unique=False,
    )
    op.create_table(
        "ticket_events",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "log",
                "amend",
                "answer",
                "transfer",
                "merge",
                "unmerge",
                "split",
                "dispatch",
                "recall",
                "accept",
                "contact",
                "draft_return",
                "drop_draft",
                "request_return",
                "grant_return",
                "refuse_return",
                "open_dispute",
                "name_provisional",
                "convene",
                "give_opinion",
                "write_minutes",
                "designate",
                "request_extension",
                "grant_extension",
                "refuse_extension",
                "request_suspension",
                "grant_suspension",
                "refuse_suspension",
                "resume",
                "defer",
                "write_off",
                "request_exclusion",
                "grant_exclusion",
                "refuse_exclusion",
                "hand_down",
                "give_back",
                "report_up",
                "assist",
                "decline_part",
                "add_assisting",
                "release",
                "whistle",
                "arrive",
                "confirm_arrival",
                "deny_arrival",
                "resolve",
                "send_back_result",
                "accept_result",
                "attempt",
                "close",
                "send_back",
                "reopen",
                "withdraw",
                "urge",
                "supervise",
                "reply_order",
                "accept_reply",
                "refuse_reply",
                "cancel_order",
                "escalate",
                "note",
                "reveal",
                "warn",
                "breach",
                "reckon",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum(
                "agent",
                "dispatcher",
                "handler",
                "leader",
                "reviewer",
                "follow_up",
                "supervisor",
                "admin",
                "citizen",
                "system",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column(
            "from_status",
            sa.Enum(
                "logged",
                "dispatched",
                "accepted",
                "return_requested",
                "disputed",
                "suspended",
                "deferred",
                "resolved",
                "awaiting_follow_up",
                "closed",
                "transferred",
                "merged",
                "withdrawn",
                name="from_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_status",
            sa.Enum(
                "logged",
                "dispatched",
                "accepted",
                "return_requested",
                "disputed",
                "suspended",
                "deferred",
                "resolved",
                "awaiting_follow_up",
                "closed",
                "transferred",
                "merged",
                "withdrawn",
                name="to_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_ticket_events_actor_id_users")),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["departments.code"],
            name=op.f("fk_ticket_events_department_code_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_events_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_events")),
        sa.UniqueConstraint("ticket_id", "seq", name=op.f("uq_ticket_events_ticket_id_seq")),
    )
    op.create_index(op.f("ix_ticket_events_action_at"), "ticket_events", ["action", "at"], unique=False)
    op.create_index(op.f("ix_ticket_events_at"), "ticket_events", ["at"], unique=False)
    op.create_table(
        "deadlines",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "dispatch",
                "accept",
                "contact",
                "resolve",
                "assist",
                "arrive",
                "review",
                "follow_up",
                "supervision",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("allowance", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("calendar_version", sa.Integer(), nullable=False),
        sa.Column("extension", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("alert_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alert_level", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "met",
                "late",
                "cancelled",
                "merged",
                name="deadlineoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_deadlines_assignment_id_assignments")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"], ["departments.code"], name=op.f("fk_deadlines_department_code_departments")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_deadlines_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint(
            "ticket_id", "stage", "round", "turn", name=op.f("uq_deadlines_ticket_id_stage_round_turn")
        ),
    )
    op.create_index(
        "ix_deadlines_alert_at",
        "deadlines",
        ["alert_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index(
        op.f("ix_deadlines_department_code_stage_settled_at"),
        "deadlines",
        ["department_code", "stage", "settled_at"],
        unique=False,
    )
    op.create_index(op.f("ix_deadlines_outcome_due_at"), "deadlines", ["outcome", "due_at"], unique=False)
    op.create_index(
        "ix_deadlines_rang",
        "deadlines",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("settled_at IS NULL AND alert_level > 0"),
        postgresql_where=sa.text("settled_at IS NULL AND alert_level > 0"),
    )
    op.create_index(
        op.f("ix_deadlines_stage_settled_at_outcome_department_code"),
        "deadlines",
        ["stage", "settled_at", "outcome", "department_code"],
        unique=False,
    )
    op.create_table(
        "alerts",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deadline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rung", sa.String(), nullable=False),
        sa.Column(
            "severity",
            sa.Enum(
                "near",
                "overdue",
                "grave",
                name="severity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("fired_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_alerts_deadline_id_deadlines")
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_alerts_ticket_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("deadline_id", "rung", name=op.f("uq_alerts_deadline_id_rung")),
    )
    op.create_index(op.f("ix_alerts_severity_fired_at"), "alerts", ["severity", "fired_at"], unique=False)
    op.create_index(op.f("ix_alerts_ticket_id"), "alerts", ["ticket_id"], unique=False)
    op.create_table(
        "alert_deliveries",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("alert_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("department_code", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "inbox",
                "sms",
                "webhook",
                "wecom",
                "digest",
                name="by",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "failed",
                "unaddressed",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(alert_id IS NULL) <> (digest_id IS NULL)", name=op.f("ck_alert_deliveries_of_one")
        ),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_deliveries_alert_id_alerts")
        ),
        sa.ForeignKeyConstraint(
            ["department_code"],
            ["departments.code"],
            name=op.f("fk_alert_deliveries_department_code_departments"),
        ),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_alert_deliveries_digest_id_digests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_deliveries")),
    )
    op.create_index(op.f("ix_alert_deliveries_alert_id"), "alert_deliveries", ["alert_id"], unique=False)
    op.create_index(op.f("ix_alert_deliveries_digest_id"), "alert_deliveries", ["digest_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_alert_deliveries_digest_id"), table_name="alert_deliveries")
    op.drop_index(op.f("ix_alert_deliveries_alert_id"), table_name="alert_deliveries")
    op.drop_table("alert_deliveries")
    op.drop_index(op.f("ix_alerts_ticket_id"), table_name="alerts")
    op.drop_index(op.f("ix_alerts_severity_fired_at"), table_name="alerts")
    op.drop_table("alerts")
    op.drop_index(op.f("ix_deadlines_stage_settled_at_outcome_department_code"), table_name="deadlines")
    op.drop_index(
        "ix_deadlines_rang",
        table_name="deadlines",
        sqlite_where=sa.text("settled_at IS NULL AND alert_level > 0"),
        postgresql_where=sa.text("settled_at IS NULL AND alert_level > 0"),
    )
    op.drop_index(op.f("ix_deadlines_outcome_due_at"), table_name="deadlines")
    op.drop_index(op.f("ix_deadlines_department_code_stage_settled_at"), table_name="deadlines")
    op.drop_index(
        "ix_deadlines_alert_at",
        table_name="deadlines",
        sqlite_where=sa.text("settled_at IS NULL"),
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.drop_table("deadlines")
    op.drop_index(op.f("ix_ticket_events_at"), table_name="ticket_events")
    op.drop_index(op.f("ix_ticket_events_action_at"), table_name="ticket_events")
    op.drop_table("ticket_events")
    op.drop_index(op.f("ix_supervision_orders_state_issued_at"), table_name="supervision_orders")
    op.drop_index(
        "ix_supervision_orders_live",
        table_name="supervision_orders",
        sqlite_where=sa.text("state IN ('issued', 'answered')"),
        postgresql_where=sa.text("state IN ('issued', 'answered')"),
    )
    op.drop_index(op.f("ix_supervision_orders_issued_at"), table_name="supervision_orders")
    op.drop_index(op.f("ix_supervision_orders_department_code_state"), table_name="supervision_orders")
    op.drop_table("supervision_orders")
    op.drop_index(op.f("ix_notices_role_read_at"), table_name="notices")
    op.drop_index(op.f("ix_notices_department_code_read_at"), table_name="notices")
    op.drop_table("notices")
    op.drop_index(op.f("ix_lessons_ticket_id_stands"), table_name="lessons")
    op.drop_table("lessons")
    op.drop_index(op.f("ix_judgements_model_category_code_at"), table_name="judgements")
    op.drop_index(op.f("ix_judgements_in_force_at"), table_name="judgements")
    op.drop_table("judgements")
    op.drop_index(op.f("ix_follow_ups_department_code_at"), table_name="follow_ups")
    op.drop_index(op.f("ix_follow_ups_at"), table_name="follow_ups")
    op.drop_table("follow_ups")
    op.drop_table("claims")
    op.drop_index(op.f("ix_catalogue_changes_version_id"), table_name="catalogue_changes")
    op.drop_table("catalogue_changes")
    op.drop_table("calendar_changes")
    op.drop_index(op.f("ix_assignments_ticket_id_round"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_part_assigned_at"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_from_code_ended_at"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_department_code_ended_at"), table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(op.f("ix_applications_ticket_id_kind"), table_name="applications")
    op.drop_index(op.f("ix_applications_state_kind_asked_at"), table_name="applications")
    op.drop_index(op.f("ix_applications_kind_decided_at"), table_name="applications")
    op.drop_table("applications")
    op.drop_index(op.f("ix_what_ifs_asked_at"), table_name="what_ifs")
    op.drop_table("what_ifs")
    op.drop_index(op.f("ix_trainings_asked_at"), table_name="trainings")
    op.drop_table("trainings")
    op.drop_index(
        "ix_tickets_supervised",
        table_name="tickets",
        sqlite_where=sa.text("supervised > 0"),
        postgresql_where=sa.text("supervised > 0"),
    )
    op.drop_index(op.f("ix_tickets_status_urgency_next_due_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_status_next_due_at"), table_name="tickets")
    op.drop_index(
        "ix_tickets_resume_on",
        table_name="tickets",
        sqlite_where=sa.text("resume_on IS NOT NULL"),
        postgresql_where=sa.text("resume_on IS NOT NULL"),
    )
    op.drop_index(op.f("ix_tickets_parent_id"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_logged_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_lead_code_status_next_due_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_lead_code_changed_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_closed_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_changed_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_category_code_closed_at"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_category_code_area_code"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_caller_id"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_call_id"), table_name="tickets")
    op.drop_table("tickets")
    op.drop_table("model_versions")
    op.drop_index(op.f("ix_lane_turns_category_code_at"), table_name="lane_turns")
    op.drop_index(op.f("ix_lane_turns_at"), table_name="lane_turns")
    op.drop_table("lane_turns")
    op.drop_table("lane_holds")
    op.drop_table("drafts")
    op.drop_table("digests")
    op.drop_table("city_words")
    op.drop_index(
        "ux_catalogue_versions_in_force",
        table_name="catalogue_versions",
        sqlite_where=sa.text("standing = 'in_force'"),
        postgresql_where=sa.text("standing = 'in_force'"),
    )
    op.drop_index(
        "ux_catalogue_versions_draft",
        table_name="catalogue_versions",
        sqlite_where=sa.text("standing = 'draft'"),
        postgresql_where=sa.text("standing = 'draft'"),
    )
    op.drop_index(op.f("ix_catalogue_versions_rules"), table_name="catalogue_versions")
    op.drop_index(op.f("ix_catalogue_versions_digest"), table_name="catalogue_versions")
    op.drop_table("catalogue_versions")
    op.drop_index(op.f("ix_calendar_versions_standing"), table_name="calendar_versions")
    op.drop_table("calendar_versions")
    op.drop_table("users")
    op.drop_table("lanes")
    op.drop_index(
        "ix_outbox_messages_due_at",
        table_name="outbox_messages",
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
    )
    op.drop_table("outbox_messages")
    op.drop_table("marks")
    op.drop_table("ledger_anchors")
    op.drop_table("leases")
    op.drop_table("departments")
    op.drop_table("daily_serials")
    op.drop_table("categories")
    op.drop_index(op.f("ix_callers_created_at"), table_name="callers")
    op.drop_table("callers")
    op.drop_table("calendar_days")
    op.drop_table("areas")
