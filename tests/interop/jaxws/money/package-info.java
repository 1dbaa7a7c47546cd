/** A second namespace, with unqualified local elements beside the qualified ones of `courier`. */
@XmlSchema(namespace = "urn:figleaf:interop:money", elementFormDefault = XmlNsForm.UNQUALIFIED)
package money;

import jakarta.xml.bind.annotation.XmlNsForm;
import jakarta.xml.bind.annotation.XmlSchema;
