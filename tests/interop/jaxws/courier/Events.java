package courier;

import jakarta.xml.bind.annotation.XmlAccessType;
import jakarta.xml.bind.annotation.XmlAccessorType;
import java.util.LinkedHashMap;
import java.util.Map;

/** A map, as JAXB makes it by itself. */
@XmlAccessorType(XmlAccessType.FIELD)
public class Events {
    public Map<String, Integer> counters = new LinkedHashMap<>();
}
