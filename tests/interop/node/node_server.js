// A SOAP service built with the npm package soap, for tests/interop/run.
// Listens on a free loopback port and prints `ready URL` once its WSDL can be fetched.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const soap = require('soap');

const here = __dirname;
const wsdlFile = path.join(here, 'library.wsdl');
const NAMESPACE = 'urn:figleaf:interop:library';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

// Numbers are text here: node-soap writes what it is given, so the digits reach the wire as they are.
const books = [
  {
    attributes: { isbn: '0001', edition: 2 },
    title: 'Ports & Bindings', subtitle: 'A <short> walk', price: '33.00', published: '2019-02-28',
    available: 'true', author: { name: 'Ada Prefix', country: 'SE' },
    chapter: [
      { attributes: { number: 1 }, heading: 'Names', pages: '12' },
      { attributes: { number: 2 }, heading: 'Scopes', pages: '30' },
    ],
    shelf: 'B7',
  },
  {
    attributes: { isbn: '0002' },
    title: 'One Chapter', price: '0.5', published: '2020-12-31Z', available: 'false',
    author: { name: 'Ada Prefix' },
    chapter: [{ attributes: { number: 1 }, heading: 'Einzig – 唯一', pages: '7' }],
    shelf: { attributes: { 'xmlns:xsi': XSI, 'xsi:nil': 'true' } },
  },
  {
    attributes: { isbn: '0003', edition: 1 },
    title: 'Nothing Inside', subtitle: '', price: '12345678901234567890.10', published: '2021-07-01',
    available: 'true', author: { name: 'Bo Facet' }, chapter: [], shelf: '',
  },
];

function notFound(isbn) {
  return {
    Fault: {
      faultcode: 'soap:Server',
      faultstring: `no book ${isbn}`,
      detail: {
        BookNotFound: {
          attributes: { xmlns: NAMESPACE }, isbn, nearest: ['0001', '0002'],
        },
      },
    },
  };
}

function find(isbn) {
  const book = books.find((one) => one.attributes.isbn === isbn);
  if (!book) throw notFound(isbn);
  return book;
}

function list(value) {
  return value === undefined ? [] : [].concat(value);
}

// What the server read, written out again, so that a caller can see what arrived.
function summary(book) {
  const chapters = list(book.chapter).map((one) => `${one.attributes.number}:${one.heading}`);
  return [
    book.attributes.isbn, book.attributes.edition, book.title, book.author.name, chapters.join(','),
    book.subtitle === undefined ? 'no subtitle' : 'a subtitle',
  ].join('|');
}

// node-soap hands dates over as Date; the text that arrived is kept beside the parsed message.
let lastMessage = '';

function textOf(name) {
  const found = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(lastMessage);
  return found ? found[1] : undefined;
}

const port = {
  GetBook: ({ isbn }) => ({ GetBookResult: find(isbn) }),
  ListBooks: ({ author, limit }) => {
    const found = books.filter((one) => one.author.name === author);
    return { ListBooksResult: { Book: limit === undefined ? found : found.slice(0, Number(limit)) } };
  },
  AddBook: ({ book }) => ({
    chapters: list(book.chapter).length,
    pages: list(book.chapter).reduce((sum, one) => sum + Number(one.pages), 0),
    summary: summary(book),
  }),
  ConvertScalars: (args) => Object.fromEntries(
    ['text', 'count', 'big', 'price', 'flag', 'day', 'moment', 'postalCode']
      .map((name) => [name, name === 'text' ? args.text : textOf(name)])
      .filter(([, value]) => value !== undefined),
  ),
  RemoveBook: ({ isbn }) => ({ RemoveBookResult: find(isbn).available }),
  CountBooks: () => ({ CountBooksResult: books.length }),
};

const server = http.createServer((request, response) => {
  if (request.method === 'GET' && request.url.startsWith('/library.xsd')) {
    response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' });
    fs.createReadStream(path.join(here, 'library.xsd')).pipe(response);
    return;
  }
  response.writeHead(404).end();
});

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/library`;
  const wsdl = fs.readFileSync(wsdlFile, 'utf8').replace('http://127.0.0.1/library', url);
  const options = {
    path: '/library',
    services: { LibraryService: { LibraryPort: port } },
    xml: wsdl,
    uri: wsdlFile,
    callback: (error) => {
      if (error) {
        process.stderr.write(`node_server: ${error.stack || error}\n`);
        process.exit(1);
      }
      process.stdout.write(`ready ${url}?wsdl\n`);
    },
  };
  const service = soap.listen(server, options);
  service.log = (type, data) => { if (type === 'received') lastMessage = String(data); };
});
