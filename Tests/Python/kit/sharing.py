"""People who use one library together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from gumnut.types.libraries import InvitationLinkResponse

from .account import Account


def signed_in(account: Account) -> Account:
    """The same user with a sign-in at the server, which members and invitations ask for."""
    return Account.with_key(account.server, account.email, account.server.command("session", "create", "--user", account.email))


def library_of(account: Account) -> str:
    """The user's own library, which has to be the only one."""
    (library,) = [library for library in account.sdk.libraries.list() if library.role == "owner"]
    return library.id


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def invite(owner: Account, library: str, role: str = "viewer", places: int = 1000, days: float = 1) -> InvitationLinkResponse:
    """Issues an invitation; the owner has to be signed in."""
    return owner.sdk.libraries.invitations.create(library_id=library, role=role, expires_at=in_days(days), max_joiners=places)


def secret_of(link: InvitationLinkResponse) -> str:
    return link.url.rsplit("#", 1)[1]


def share(owner: Account, guest: Account, library: str, role: str = "viewer") -> None:
    """Makes someone a member; both have to be signed in."""
    link = invite(owner, library, role)
    guest.sdk.libraries.invitations.join(link.invitation.id, secret=secret_of(link))
