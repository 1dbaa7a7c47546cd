// Calls `figleaf mock` with the client of the npm package soap, for tests/interop/run.
// The argument is the address of the contract of the shop; the last line is `N passed, N failed`.
'use strict';

const soap = require('soap');

let passed = 0;
let failed = 0;

async function check(what, test) {
  try {
    await test();
    passed += 1;
  } catch (error) {
    failed += 1;
    process.stdout.write(`mock, node-soap, ${what}: ${error.message}\n`);
  }
}

function same(got, expected) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}

const call = (port, operation, args) => new Promise((resolve, reject) => {
  port[operation](args, (error, result) => (error ? reject(error) : resolve(result)));
});

async function main() {
  // Everything the contract imports is fetched from the mock, and the ports lead to it.
  const client = await soap.createClientAsync(process.argv[2]);
  const { OrderServiceSoap11: v11 } = client.OrderService;
  const options = { forceSoap12Headers: true, disableCache: true };
  const newer = await soap.createClientAsync(process.argv[2], options);
  const { OrderServiceSoap12: v12 } = newer.OrderService;
  await check('an answer of SOAP 1.1', async () => {
    const { Order: order } = await call(v11, 'GetOrder', { OrderID: 44 });
    same([String(order.OrderID), order.CustomerID, order.Status], ['44', '00017', 'IN_PROGRESS']);
  });
  await check('an answer of SOAP 1.2', async () => {
    const answer = await call(v12, 'GetCustomer', { CustomerID: '00018' });
    same(JSON.stringify(answer).includes('"CompanyName":"Müller & Söhne"'), true);
  });
  await check('a fault that was recorded', async () => {
    const error = await call(v11, 'GetOrder', { OrderID: 999 }).then(() => null, (e) => e);
    same([error !== null, error.response.status], [true, 500]);
    same(error.message.includes('SHOP-'), true);
  });
  await check('a request without a fixture', async () => {
    const error = await call(v11, 'GetOrder', { OrderID: 4711 }).then(() => null, (e) => e);
    same([error !== null, error.response.status], [true, 500]);
    const { faultcode, faultstring, detail } = error.root.Envelope.Body.Fault;
    same([faultcode, faultstring.startsWith('no fixture answers GetOrder')], ['soap:Client', true]);
    const told = typeof detail.miss === 'string' ? detail.miss : detail.miss.$value;
    same(told.includes('Body/GetOrder/OrderID (value)'), true);
  });
}

main()
  .catch((error) => {
    failed += 1;
    process.stdout.write(`mock, node-soap: ${error.stack || error}\n`);
  })
  .finally(() => {
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    process.exit(failed === 0 ? 0 : 1);
  });
