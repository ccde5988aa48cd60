"""What a packet holds that a study does not: whose it is, and the photographs themselves."""

from sqlalchemy import Connection, select

from engine.study.protocol import PacketInfo
from engine.study.schema import images, packet, pictures


def read_packet(connection: Connection) -> PacketInfo | None:
    """Return whose packet the file is, or None for a study."""
    row = connection.execute(select(packet)).first()
    return PacketInfo(row.study_id, row.grader, row.made) if row else None


def read_picture(connection: Connection, image: str) -> bytes | None:
    """Return the encoded photograph of an image, or None where the file does not hold it."""
    query = select(pictures.c.content).join(images).where(images.c.path == image)
    return connection.execute(query).scalar()
