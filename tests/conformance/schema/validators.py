"""The validators that decide: libxml2 where it compiles the schemas, else PyPI's xmlschema."""

import warnings

from lxml import etree

from contract.names import XSI, BrokenContract


class Validator:
    """Says of an element whether it is valid. `engine` is which validator, `why` why it is not
    libxml2."""

    def __init__(self, written):
        self.written = written
        self.why = None
        try:
            parser = etree.XMLParser(huge_tree=True, no_network=True)
            self._libxml2 = etree.XMLSchema(etree.parse(str(written.main), parser))
            self.engine = "libxml2"
        except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
            self._libxml2 = None
            self.engine = "xmlschema"
            self.why = _short(str(error.error_log.last_error or error)).split(":ERROR:")[-1]
            self._xmlschema = self._other(written.main)

    def _other(self, path):
        try:
            return _lax(path)
        except Exception as error:  # its own assertions among them
            raise BrokenContract(f"no validator compiles the schemas: {self.why}; "
                                 f"xmlschema: {type(error).__name__} {error}") from error

    def errors(self, element):
        """What is wrong with an element that is a global one; an empty list for a valid one."""
        alone = etree.fromstring(etree.tostring(element, with_tail=False, encoding="utf-8"),
                                 etree.XMLParser(huge_tree=True))
        if self._libxml2 is not None:
            if self._libxml2.validate(alone):
                return []
            return [_short(f"line {e.line}: {e.message}") for e in self._libxml2.error_log][:5]
        if alone.tag not in self._xmlschema.maps.elements:
            return [f"no global element {alone.tag}"]
        found = []
        for error in self._xmlschema.iter_errors(alone):
            found.append(_short(f"{error.path}: {error.reason}"))
            if len(found) == 5:
                break
        return found

    def errors_of_type(self, element, type_name):
        """The same of an element whose type is a global one, under whatever name it stands."""
        if type_name not in self.written.roots:
            return [f"there is no type {type_name}"]
        renamed = etree.fromstring(etree.tostring(element, with_tail=False, encoding="utf-8"),
                                   etree.XMLParser(huge_tree=True))
        renamed.tag = self.written.roots[type_name]
        nil = renamed.get(f"{{{XSI}}}nil")
        if nil in ("true", "1"):
            return []
        return self.errors(renamed)


def _lax(path):
    import xmlschema
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return xmlschema.XMLSchema10(str(path), validation="lax", allow="local",
                                     defuse="never")


def _short(text):
    text = " ".join(text.split())
    return text if len(text) < 400 else text[:400] + "…"
