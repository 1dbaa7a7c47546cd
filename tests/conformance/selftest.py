"""The judge judged: what is right must pass, and each way to be wrong must be seen.

A judge that calls everything right would give the best rate there is. So before each run, right
envelopes of a small contract are broken in one way each.
"""

import pathlib
import sys
import tempfile
import unittest

from contract.case import Case
from instances.generate import answers
from verdicts.leaves import lost
from verdicts.requests import check

CONTRACT = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" targetNamespace="urn:t"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
 <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:element name="ask"><xs:complexType><xs:sequence>
   <xs:element name="count" type="xs:int"/>
   <xs:element name="colour" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string">
    <xs:enumeration value="red"/></xs:restriction></xs:simpleType></xs:element>
   <xs:element name="line" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence><xs:attribute name="mark" type="xs:token"/></xs:complexType></xs:element>
  <xs:complexType name="Pair"><xs:sequence><xs:element name="left" type="xs:int"/>
   <xs:element name="right" type="xs:string"/></xs:sequence></xs:complexType>
  <xs:complexType name="Pairs"><xs:complexContent><xs:restriction base="enc:Array">
   <xs:attribute ref="enc:arrayType" wsdl:arrayType="t:Pair[]"/></xs:restriction></xs:complexContent>
  </xs:complexType></xs:schema></types>
 <message name="ask"><part name="body" element="t:ask"/></message>
 <message name="rpc"><part name="one" type="t:Pair"/><part name="two" type="xs:int"/></message>
 <message name="enc"><part name="pairs" type="t:Pairs"/></message>
 <portType name="p">%s</portType>
 <binding name="b" type="t:p">
  <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>%s</binding>
 <service name="s"><port name="p" binding="t:b"><soap:address location="http://x/"/></port></service>
</definitions>"""
STYLES = {"ask": ("document", "literal"), "rpc": ("rpc", "literal"), "enc": ("rpc", "encoded")}
ENVELOPE = ('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:t" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            'xmlns:xs="http://www.w3.org/2001/XMLSchema" '
            'xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"><e:Body>%s</e:Body></e:Envelope>')
ASK = '<t:ask mark="m"><t:count>1</t:count><t:colour>red</t:colour><t:line>x</t:line></t:ask>'
RPC = ('<t:rpc><one><t:left>1</t:left><t:right>r</t:right></one><two>2</two></t:rpc>')
ENC = ('<t:enc e:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">'
       '<pairs xsi:type="enc:Array" enc:arrayType="t:Pair[1]"><item xsi:type="t:Pair">'
       '<left xsi:type="xs:int">1</left><right xsi:type="xs:string">r</right></item></pairs></t:enc>')
WRONG = {
    "ask": [("<t:count>1</t:count>", ""), (">1<", ">one<"), ("red", "blue"), ("t:line", "line"),
            (' mark="m"', ' made-up="m"'), ("<t:colour>red</t:colour><t:line>x</t:line>",
                                            "<t:line>x</t:line><t:colour>red</t:colour>"),
            ("soap/envelope/", "soap/envelop/"), ("<t:ask", "<t:ask2"), ("</e:Body>", "<t:ask/></e:Body>")],
    "rpc": [("t:rpc", "rpc"), ("<one>", "<t:one>"), ("<two>2</two>", ""), ("<two>2<", "<two>b<"),
            ("<t:left>1</t:left>", ""), ("t:left", "left")],
    "enc": [("t:Pair[1]", "t:Pair[2]"), ("t:Pair[1]", "xs:int[1]"), ('xs:int">1', 'xs:int">one'),
            (' xsi:type="xs:int"', ""), ("xs:string", "xs:int"), ("left", "middle"), ("t:enc", "enc"),
            (' e:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"', "")],
}


def contract(folder):
    """The contract as a case of a corpus of one."""
    operations = "".join(
        f'<operation name="{name}"><input message="t:{name}"/><output message="t:{name}"/>'
        "</operation>" for name in STYLES)
    bound = "".join(
        f'<operation name="{name}"><soap:operation style="{style}"/><input><soap:body use="{use}" '
        f'namespace="urn:t"/></input><output><soap:body use="{use}" namespace="urn:t"/></output>'
        "</operation>" for name, (style, use) in STYLES.items())
    root = pathlib.Path(folder)
    (root / "wsdl" / "x").mkdir(parents=True)
    (root / "wsdl" / "x" / "x.wsdl").write_text(CONTRACT % (operations, bound), encoding="utf-8")
    return Case(root, {"id": "x", "slug": "x", "root": "x.wsdl"}, root / "schemas")


class Judge(unittest.TestCase):
    """Right and wrong envelopes."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        corpus = pathlib.Path(self.folder.name)
        (corpus / "catalog").mkdir()
        encoding = ("http://schemas.xmlsoap.org/soap/encoding/", "encoding.xsd")
        (corpus / "catalog" / "catalog.tsv").write_text(
            "url\tpath\n" + "\t".join(encoding) + "\n", encoding="utf-8")
        (corpus / "catalog" / "encoding.xsd").write_text(
            '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
            f'targetNamespace="{encoding[0]}"><xs:attribute name="arrayType" type="xs:string"/>'
            '<xs:complexType name="Array"><xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" '
            'processContents="lax"/></xs:sequence></xs:complexType></xs:schema>', encoding="utf-8")
        self.case = contract(corpus)

    def problems(self, operation, body, *change):
        """What the judge says of an envelope."""
        text = (ENVELOPE % body).replace(*change) if change else ENVELOPE % body
        self.assertTrue(not change or text != ENVELOPE % body, f"{change} changes nothing")
        return check(self.case, {"service": "s", "port": "p", "operation": operation,
                                 "input_name": None, "envelope": text})

    def test_right_requests_pass(self):
        for operation, body in (("ask", ASK), ("rpc", RPC), ("enc", ENC)):
            self.assertEqual(self.problems(operation, body), [], operation)

    def test_each_wrong_request_is_seen(self):
        for operation, body in (("ask", ASK), ("rpc", RPC), ("enc", ENC)):
            for change in WRONG[operation]:
                self.assertTrue(self.problems(operation, body, *change), f"{operation}: {change}")

    def test_every_operation_gets_answers(self):
        for line in answers(self.case):
            self.assertEqual(line["failed"], [], line["operation"])
            self.assertTrue(line["envelopes"], line["operation"])

    def test_what_is_not_in_the_json_is_lost(self):
        told = '{"mark": "m", "count": 1, "colour": "red", "line": ["x"]}'
        self.assertEqual(lost(ENVELOPE % ASK, told), [])
        for gone in ('"mark": "m", ', '"count": 1, ', '"colour": "red", ', '"x"'):
            self.assertEqual(len(lost(ENVELOPE % ASK, told.replace(gone, ""))), 1, gone)
        self.assertEqual(len(lost(ENVELOPE % ASK, told.replace("1", "11"))), 1)
        twice = ASK.replace("<t:line>", "<t:line>x</t:line><t:line>")
        self.assertEqual(len(lost(ENVELOPE % twice, told)), 1)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=0)
