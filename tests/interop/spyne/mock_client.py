"""Calls `figleaf mock` with the client of the PyPI package zeep, for tests/interop/run.

The argument is the address of the contract of the shop; the last line is `N passed, N failed`.
"""

import sys

import zeep

passed = failed = 0


def check(what, got, expected):
    global passed, failed
    if got == expected:
        passed += 1
    else:
        failed += 1
        print(f"mock, zeep, {what}: expected {expected!r}, got {got!r}")


def fault_of(call, **arguments):
    try:
        return call(**arguments)
    except zeep.exceptions.Fault as fault:
        return fault


# Everything the contract imports is fetched from the mock, and the ports lead to it.
client = zeep.Client(sys.argv[1])
v11 = client.bind("OrderService", "OrderServiceSoap11")
v12 = client.bind("OrderService", "OrderServiceSoap12")
order = v11.GetOrder(OrderID=44)
check("an answer of SOAP 1.1", (order.OrderID, order.CustomerID), (44, "00017"))
customer = v12.GetCustomer(CustomerID="00018")
check("an answer of SOAP 1.2", customer.CompanyName, "Müller & Söhne")
fault = fault_of(v11.GetOrder, OrderID=999)
check("a fault that was recorded", fault.message[:9], "SHOP-0404")
fault = fault_of(v11.GetOrder, OrderID=4711)
check("a request without a fixture", fault.message[:30], "no fixture answers GetOrder: a")
fault = fault_of(v12.GetCustomer, CustomerID="4711")
check("the same with SOAP 1.2", fault.message[:31], "no fixture answers GetCustomer:")
print(f"{passed} passed, {failed} failed")
sys.exit(failed > 0)
