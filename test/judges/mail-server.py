"""A mail server of another making, aiosmtpd, and another reader of mails: prints each mail as one line of JSON.

Arguments: certificate, key, password of "anna". The first line printed is the port.
"""

import asyncio
import email
import json
import ssl
import sys
from email import policy

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Reader:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=policy.default)
        parts = list(mail.walk())
        text = mail.get_body(("plain",))
        html = mail.get_body(("html",))
        print(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "encrypted": session.ssl is not None,
                    "authenticated": session.authenticated,
                    "headers": {name.lower(): str(value) for name, value in mail.items()},
                    "names": [name.lower() for name in mail.keys()],
                    "date": mail["date"].datetime.isoformat(),
                    "defects": [repr(each) for part in parts for each in part.defects]
                    + [repr(each) for value in mail.values() for each in value.defects],
                    "types": [part.get_content_type() for part in parts],
                    "text": text.get_content(),
                    "html": html.get_content(),
                    "longest": max(len(line) for line in envelope.content.splitlines()),
                    "files": {part.get_filename(): content_of(part) for part in mail.iter_attachments()},
                }
            ),
            flush=True,
        )
        return "250 OK"


def content_of(part):
    content = part.get_content()
    return content if isinstance(content, str) else content.decode()


def authenticate(server, session, envelope, mechanism, data):
    fits = isinstance(data, LoginPassword) and data == LoginPassword(b"anna", sys.argv[3].encode())
    return AuthResult(success=fits, handled=fits)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": authenticate,
        "auth_required": True,
    }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Reader(), **options), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
