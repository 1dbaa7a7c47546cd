package courier;

import jakarta.jws.WebService;
import jakarta.xml.ws.Holder;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import money.Money;
import money.Payment;

/** Answers with what it understood, so that a value lost on the way is seen. */
@WebService(endpointInterface = "courier.Courier", targetNamespace = Names.SERVICES,
    serviceName = "CourierService", portName = "CourierPort")
public class CourierService implements Courier {
    private static final BlockingQueue<String> NOTES = new LinkedBlockingQueue<>();
    private static final int NOTE_SECONDS_MAX = 20;

    public Parcel getParcel(String number) throws UnknownParcel {
        Parcel parcel = Stock.parcel(number);
        if (parcel == null) {
            UnknownParcel.Info info = new UnknownParcel.Info();
            info.number = number;
            info.similar = List.of("0042", "0043");
            throw new UnknownParcel("no parcel " + number, info);
        }
        return parcel;
    }

    public List<Parcel> findParcels(Parcel.Status status, Integer limit) {
        List<Parcel> found = new ArrayList<>();
        for (String number : List.of("0042", "0043")) {
            Parcel parcel = Stock.parcel(number);
            if ((status == null || parcel.status == status) && (limit == null || found.size() < limit)) {
                found.add(parcel);
            }
        }
        return found;
    }

    public String sendParcel(String account, Parcel parcel) {
        String steps = parcel.steps.stream()
            .map(s -> s.getName().getLocalPart() + "=" + s.getValue().getClass().getSimpleName())
            .collect(Collectors.joining(","));
        String history = parcel.history.stream()
            .map(h -> h.getClass().getSimpleName()).map(n -> n.startsWith("XML") ? "scan" : "remark")
            .collect(Collectors.joining(","));
        return account + ":" + parcel.number + ":" + parcel.status + ":" + steps + ":"
            + history + ":" + parcel.weight + ":" + parcel.dimensions;
    }

    public Parcel checkParcel(Parcel parcel) {
        return parcel;
    }

    public Payment pay(Payment payment) {
        return payment;
    }

    public Money addPrices(List<Money> prices) {
        if (prices == null || prices.isEmpty()) {
            return null;
        }
        Money total = new Money("0", prices.get(0).currency);
        for (Money price : prices) {
            total.amount = total.amount.add(price.amount);
        }
        return total;
    }

    public int splitWeight(BigDecimal weight, Holder<String> unit, Holder<BigDecimal> rest) {
        unit.value = unit.value == null ? "kg" : unit.value.toUpperCase(java.util.Locale.ROOT);
        if (weight == null) {
            return 0;
        }
        rest.value = weight.remainder(BigDecimal.ONE);
        return weight.intValue();
    }

    public XMLGregorianCalendar addDays(XMLGregorianCalendar at, int days) {
        XMLGregorianCalendar later = (XMLGregorianCalendar) at.clone();
        later.add(DatatypeFactory.newDefaultInstance().newDuration(days >= 0, 0, 0, Math.abs(days), 0, 0, 0));
        return later;
    }

    public String tellTexts(List<String> texts, String other) {
        return (texts == null ? List.of() : texts) + "/" + (other == null ? "absent" : "'" + other + "'");
    }

    public void keepNote(String note) {
        NOTES.add(note);
    }

    /** Waits, because CXF answers a one-way call before it makes it. */
    public String readNote() {
        try {
            return NOTES.poll(NOTE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException ended) {
            return null;
        }
    }

    public Events countEvents(String number) {
        Events events = new Events();
        events.counters.put("scans", 3);
        events.counters.put(number, 0);
        return events;
    }

    public void ping() {}

    public void removeParcel(String number) {
        if (number == null) {
            throw Faults.client("which parcel?");
        }
        throw new IllegalStateException("nothing to remove at /srv/courier/" + number);
    }
}
