"""A small SMTP server on loopback that takes mail, refuses it, or dies at a point that the test names."""

import asyncio
import email
import email.policy
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Server:
    """`dies_at`: greeting, mail, rcpt, data, text (before its answer), answer (after it). `answers` overrides replies."""

    dies_at: str = ""
    answers: dict = field(default_factory=dict)
    taken: list = field(default_factory=list)
    """Messages that were confirmed, or (dies_at text) received whole."""
    on_text: object = None
    """Called when a text was received whole, before its answer."""
    port: int = 0

    async def serve(self, reader, writer):
        async def say(point, text):
            if self.dies_at == point:
                raise ConnectionAbortedError
            writer.write((self.answers.get(point, text) + "\r\n").encode())
            await writer.drain()

        try:
            await say("greeting", "220 test")
            while line := (await reader.readline()).decode("utf-8", "replace").strip():
                word = line.split(":")[0].split()[0].upper()
                if word in ("EHLO", "HELO"):
                    await say("helo", "250 test")
                elif word == "MAIL":
                    await say("mail", "250 ok")
                elif word == "RCPT":
                    await say("rcpt", "250 ok")
                elif word == "DATA":
                    await say("data", "354 go on")
                    if self.answers.get("data"):
                        continue
                    text = await reader.readuntil(b"\r\n.\r\n")
                    if "text" not in self.answers:
                        self.taken.append(email.message_from_bytes(text[:-5], policy=email.policy.default))
                    if self.on_text is not None:
                        self.on_text()
                    await say("text", "250 taken")
                    if self.dies_at == "answer":
                        raise ConnectionAbortedError
                elif word == "QUIT":
                    await say("quit", "221 bye")
                    break
                else:
                    await say("other", "250 ok")
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    @property
    def numbers(self):
        return [each["Message-ID"] for each in self.taken]


@contextmanager
def smtp_server(**given):
    """A server in a thread of its own."""
    server = Server(**given)
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_server(server.serve, "127.0.0.1", 0))
    server.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:

        async def end():
            listening.close()
            others = [each for each in asyncio.all_tasks() if each is not asyncio.current_task()]
            for each in others:
                each.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()
