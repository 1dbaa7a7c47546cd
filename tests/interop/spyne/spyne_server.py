"""Two SOAP services built with the PyPI package spyne, for tests/interop/run.

`/shop` speaks SOAP 1.1 and `/audit` SOAP 1.2. Both validate what they are sent against the schema
they publish, so a request that is not valid by it ends in a fault. Listens on a free loopback port
and prints one line `ready NAME URL` a service.
"""

import datetime
import logging
from decimal import Decimal
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from spyne import (
    Application,
    Array,
    Boolean,
    ByteArray,
    ComplexModel,
    Date,
    DateTime,
    Double,
    Enum,
    Fault,
    Integer,
    Long,
    ServiceBase,
    Unicode,
    XmlAttribute,
    rpc,
)
from spyne import Decimal as XsdDecimal
from spyne.model.primitive import Int
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication
from werkzeug.middleware.dispatcher import DispatcherMiddleware

SHOP = "urn:figleaf:interop:shop"
AUDIT = "urn:figleaf:interop:audit"

Category = Enum("TOOL", "TOY", "FOOD", type_name="Category")


def must(kind, **facets):
    """One, never nil."""
    return kind.customize(min_occurs=1, nillable=False, **facets)


def may(kind):
    """One or none, never nil."""
    return kind.customize(min_occurs=0, nillable=False)


class Maker(ComplexModel):
    __namespace__ = SHOP
    name = must(Unicode)
    country = may(Unicode)


class Product(ComplexModel):
    __namespace__ = SHOP
    sku = XmlAttribute(Unicode, use="required")
    productName = must(Unicode)
    category = must(Category)
    unitPrice = must(XsdDecimal)
    releasedOn = Date(min_occurs=1, nillable=True)
    note = may(Unicode)
    maker = may(Maker)
    tags = must(Array(Unicode(nillable=False)))


class OrderLine(ComplexModel):
    __namespace__ = SHOP
    sku = must(Unicode)
    quantity = must(Int, ge=1)
    unitPrice = must(XsdDecimal)


class Order(ComplexModel):
    __namespace__ = SHOP
    customer = must(Unicode)
    placedAt = must(DateTime)
    express = may(Boolean)
    coupon = Unicode(min_occurs=0, nillable=True)
    lines = must(Array(OrderLine.customize(nillable=False)))


class Receipt(ComplexModel):
    __namespace__ = SHOP
    orderId = must(Integer)
    total = must(XsdDecimal)
    lineCount = must(Int)
    coupon = must(Unicode)
    express = may(Boolean)
    placedAt = must(DateTime)


class Scalars(ComplexModel):
    __namespace__ = SHOP
    text = must(Unicode)
    empty = Unicode(min_occurs=1, nillable=True)
    small = must(Int)
    big = must(Long)
    unbounded = must(Integer)
    exact = must(XsdDecimal)
    ratio = must(Double)
    flag = must(Boolean)
    day = must(Date)
    moment = must(DateTime)
    blob = must(ByteArray)


class OrderLocked(Fault):
    """A fault the contract declares."""

    __namespace__ = SHOP

    def __init__(self, order_id):
        super().__init__("Client.OrderLocked", f"order {order_id} is locked")


PRODUCTS = [
    Product(
        sku="0042", productName="Hammer & Nail", category="TOOL", unitPrice=Decimal("12.340"),
        releasedOn=datetime.date(2018, 5, 1), note="", maker=Maker(name="Smith", country="NO"),
        tags=["steel", "2 kg"],
    ),
    Product(
        sku="0043", productName="Saw", category="TOOL", unitPrice=Decimal("25000.00"),
        releasedOn=None, maker=Maker(name="Smith"), tags=["steel"],
    ),
    Product(
        sku="0E42", productName="Würfel", category="TOY", unitPrice=Decimal("0.99"),
        releasedOn=datetime.date(2024, 2, 29), note="<wood>", tags=[],
    ),
]


class ShopService(ServiceBase):
    @rpc(must(Unicode), _returns=must(Product))
    def GetProduct(ctx, sku):
        for product in PRODUCTS:
            if product.sku == sku:
                return product
        raise Fault("Client.UnknownProduct", f"no product {sku}")

    @rpc(
        must(Category),
        may(Int),
        _returns=must(Array(Product.customize(nillable=False))),
    )
    def FindProducts(ctx, category, limit):
        found = [one for one in PRODUCTS if str(one.category) == str(category)]
        return found if limit is None else found[:limit]

    @rpc(
        must(Order),
        _returns=must(Receipt),
    )
    def PlaceOrder(ctx, order):
        total = sum((one.quantity * one.unitPrice for one in order.lines), Decimal("0.00"))
        coupon = {None: "none or nil", "": "empty"}.get(order.coupon, order.coupon)
        return Receipt(
            orderId=90071992547409931, total=total, lineCount=len(order.lines), coupon=coupon,
            express=order.express, placedAt=order.placedAt,
        )

    @rpc(
        must(Integer),
        may(Unicode),
        _returns=must(Boolean),
        _throws=[OrderLocked],
    )
    def CancelOrder(ctx, orderId, reason):
        if orderId == 13:
            raise OrderLocked(orderId)
        if orderId == 500:
            raise ValueError("an unexpected end")
        return reason is not None

    @rpc(
        must(Scalars),
        _returns=must(Scalars),
    )
    def EchoScalars(ctx, scalars):
        return scalars

    @rpc(_returns=must(Int))
    def CountProducts(ctx):
        return len(PRODUCTS)


class Change(ComplexModel):
    __namespace__ = AUDIT
    field = XmlAttribute(Unicode, use="required")
    before = Unicode(min_occurs=1, nillable=True)
    after = Unicode(min_occurs=1, nillable=True)


class Event(ComplexModel):
    __namespace__ = AUDIT
    actor = must(Unicode)
    at = must(DateTime)
    severity = must(Enum("LOW", "HIGH", type_name="Severity"))
    change = Change.customize(min_occurs=0, max_occurs="unbounded", nillable=False)


EVENTS = {
    1: Event(
        actor="ada", at=datetime.datetime(2026, 1, 31, 23, 59, 59), severity="LOW",
        change=[Change(field="name", before=None, after="Ada")],
    ),
    2: Event(
        actor="ada", at=datetime.datetime(2026, 2, 1), severity="HIGH",
        change=[
            Change(field="name", before="Ada", after=""),
            Change(field="zip", before="01234", after=None),
        ],
    ),
    3: Event(actor="bo", at=datetime.datetime(2026, 2, 2, 6, 0), severity="LOW", change=[]),
}


class AuditService(ServiceBase):
    @rpc(must(Int), _returns=must(Event))
    def GetEvent(ctx, eventId):
        if eventId not in EVENTS:
            raise Fault("Client", f"no event {eventId}")
        return EVENTS[eventId]

    @rpc(
        must(Unicode),
        _returns=must(Array(Event.customize(nillable=False))),
    )
    def ListEvents(ctx, actor):
        return [one for one in EVENTS.values() if one.actor == actor]

    @rpc(
        must(Event),
        _returns=must(Unicode),
    )
    def RecordEvent(ctx, event):
        changes = [f"{one.field}:{one.before!r}>{one.after!r}" for one in event.change or []]
        return " ".join([event.actor, str(event.severity), event.at.isoformat(), *changes])

    @rpc(must(Int), _returns=must(Boolean))
    def DeleteEvent(ctx, eventId):
        return eventId in EVENTS


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format, *args):
        pass


def main():
    logging.basicConfig(level=logging.WARNING)
    shop = Application(
        [ShopService], SHOP, name="Shop",
        in_protocol=Soap11(validator="lxml"), out_protocol=Soap11(),
    )
    audit = Application(
        [AuditService], AUDIT, name="Audit",
        in_protocol=Soap12(validator="lxml"), out_protocol=Soap12(),
    )
    routes = {"/shop": WsgiApplication(shop), "/audit": WsgiApplication(audit)}
    with make_server(
        "127.0.0.1", 0, DispatcherMiddleware(lambda *_: [], routes), Server, QuietHandler
    ) as server:
        for name in ("shop", "audit"):
            print(f"ready {name} http://127.0.0.1:{server.server_port}/{name}?wsdl", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
