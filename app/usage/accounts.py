"""Accounts and deals by name: completion, and the match or the making of what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import now_ms, uuid7
from app.errors import UserError
from app.store.defaults import norm
from app.store.logs import Account, Deal
from app.usage.text import one_line

HERE = "here"
LONGEST_NAME = 200


def account_names(session: Session) -> tuple[str, ...]:
    """The names of all accounts in the order of the alphabet, each once."""
    return _listed(session.scalars(select(Account.name)))


def deal_names(session: Session, account: str = "") -> tuple[str, ...]:
    """The names of the open deals, of one account when its name is given; () for an unknown one."""
    query = select(Deal.name).where(Deal.outcome == "open")
    if account.strip():
        found = find_account(session, account)
        if found is None:
            return ()
        query = query.where(Deal.account_id == found.id)
    return _listed(session.scalars(query))


def _listed(names: Iterable[str]) -> tuple[str, ...]:
    distinct = {norm(name): name for name in names}
    return tuple(distinct[key] for key in sorted(distinct))


def _checked(name: str, what: str) -> str:
    clean = one_line(name)
    if len(clean) > LONGEST_NAME:
        raise UserError(f"The name of the {what} is longer than {LONGEST_NAME} characters.")
    return clean


def find_account(session: Session, name: str) -> Account | None:
    """The account of that name, capitals ignored in every script; one of a CRM goes before ours."""
    wanted = norm(name)
    if not wanted:
        return None
    order = (Account.source == HERE, Account.id)
    alike = func.lower(Account.name) == name.strip().lower()
    quick = session.scalars(select(Account).where(alike).order_by(*order)).first()
    if quick is not None:
        return quick
    rows = session.execute(select(Account.id, Account.name).order_by(*order))
    found = next((row.id for row in rows if norm(row.name) == wanted), None)
    return session.get(Account, found) if found is not None else None


def match_account(session: Session, name: str) -> Account | None:
    """The account of that name, entered when it is unknown; None for an empty name.

    Raises UserError for a name that is too long.
    """
    clean = _checked(name, "account")
    if not clean:
        return None
    account = find_account(session, clean)
    if account is None:
        account = Account(source=HERE, crm_id=str(uuid7()), name=clean)
        session.add(account)
        session.flush()
    return account


def find_deal(session: Session, name: str, account: Account | None = None) -> Deal | None:
    """The deal of that name, of the account if one is given; an open one goes before a closed one.

    With an account, a deal of that name that has no account yet is taken too.
    """
    wanted = norm(name)
    if not wanted:
        return None
    query = select(Deal.id, Deal.name, Deal.account_id)
    if account is not None:
        query = query.where((Deal.account_id == account.id) | Deal.account_id.is_(None))
    order = (Deal.account_id.is_(None), Deal.outcome != "open", Deal.source == HERE, Deal.id)
    rows = session.execute(query.order_by(*order))
    found = next((row.id for row in rows if norm(row.name) == wanted), None)
    return session.get(Deal, found) if found is not None else None


def match_deal(session: Session, name: str, account: Account | None = None) -> Deal | None:
    """The deal of that name, entered as open when it is unknown; None for an empty name.

    Raises UserError for a name that is too long.
    """
    clean = _checked(name, "deal")
    if not clean:
        return None
    deal = find_deal(session, clean, account)
    if deal is None:
        deal = Deal(
            source=HERE, crm_id=str(uuid7()), name=clean, opened_at=now_ms(),
            account_id=account.id if account is not None else None,
        )  # fmt: skip
        session.add(deal)
        session.flush()
    elif deal.account_id is None and account is not None:
        deal.account_id = account.id
        session.flush()
    return deal
