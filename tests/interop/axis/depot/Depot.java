package depot;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.Vector;
import javax.activation.DataHandler;
import javax.mail.util.ByteArrayDataSource;
import javax.xml.namespace.QName;
import javax.xml.rpc.holders.BigDecimalHolder;
import javax.xml.rpc.holders.StringHolder;
import org.w3c.dom.Element;

/**
 * The service. Axis publishes every public method. Methods answer with what they understood, so that
 * a value lost on the way is seen. No lambdas here: Axis reads parameter names out of the class file,
 * and knows no class file with what a lambda leaves in it.
 */
public class Depot {
    private static final Map<String, Item> ITEMS = new TreeMap<>();
    private static volatile String lastNote = "";

    static {
        Stock.fill(ITEMS);
    }

    public Item getItem(String code) throws NoSuchItem {
        Item item = ITEMS.get(code);
        if (item == null) {
            throw new NoSuchItem(code, 3);
        }
        return item;
    }

    public Item[] listItems(int first, int count) {
        Object[] all = ITEMS.values().toArray();
        Item[] some = new Item[Math.min(count, Math.max(0, all.length - first))];
        System.arraycopy(all, Math.min(first, all.length), some, 0, some.length);
        return some;
    }

    /** No item at all: xsi:nil where a bean is declared. */
    public Item findItem(String name) {
        for (Item item : ITEMS.values()) {
            if (item.getName().equals(name)) {
                return item;
            }
        }
        return null;
    }

    /** Overloaded: one name, two messages. */
    public Item findItem(String name, int shelf) {
        Item item = findItem(name);
        return item == null || item.getShelf() == null || item.getShelf() != shelf ? null : item;
    }

    /** What came is what goes back. */
    public Item checkItem(Item item) {
        return item;
    }

    public String describeItems(Item[] items) {
        return Stock.describe(items);
    }

    public Team getTeam(String title) {
        return Stock.team(title);
    }

    public int[] sortNumbers(int[] numbers) {
        int[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    public String[] reverseNames(String[] names) {
        String[] reversed = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            reversed[names.length - 1 - i] = names[i];
        }
        return reversed;
    }

    public double[][] transposeGrid(double[][] grid) {
        double[][] turned = new double[grid[0].length][grid.length];
        for (int row = 0; row < grid.length; row++) {
            for (int column = 0; column < grid[row].length; column++) {
                turned[column][row] = grid[row][column];
            }
        }
        return turned;
    }

    /** An Apache map: keys and values of any type. */
    public Map<String, Object> getStock(String prefix) {
        Map<String, Object> stock = new TreeMap<>();
        for (Item item : ITEMS.values()) {
            if (item.getCode().startsWith(prefix)) {
                stock.put(item.getName(), item.getQuantity());
            }
        }
        return stock;
    }

    public Map<Object, Object> mergeMaps(Map<?, ?> left, Map<?, ?> right) {
        Map<Object, Object> merged = new TreeMap<>(left);
        merged.putAll(right);
        return merged;
    }

    public Object echoAnything(Object value) {
        return value;
    }

    public Object[] getMixture() {
        return new Object[] {"text", 7, new BigDecimal("1.50"), true, ITEMS.get("0042"), null};
    }

    /** Values of every kind in a map, one of them a map, one a list, one an array. */
    public Map<String, Object> getReport(String title) {
        Map<String, Object> inner = new TreeMap<>();
        inner.put("title", title);
        inner.put("none", null);
        Map<String, Object> report = new TreeMap<>();
        report.put("inner", inner);
        report.put("codes", ITEMS.keySet().toArray(new String[0]));
        report.put("list", new Vector<Object>(Arrays.asList("a", 1, new BigDecimal("0.10"))));
        report.put("lead", new Person("Anna", null));
        report.put("bytes", new byte[] {0, 1});
        report.put("long", Long.MAX_VALUE);
        return report;
    }

    /** Rows of different lengths, and some that are not there. */
    public Item[][] groupItems(String[][] codes) {
        Item[][] groups = new Item[codes.length][];
        for (int row = 0; row < codes.length; row++) {
            groups[row] = codes[row] == null ? null : group(codes[row]);
        }
        return groups;
    }

    private static Item[] group(String[] codes) {
        Item[] items = new Item[codes.length];
        for (int at = 0; at < codes.length; at++) {
            items[at] = codes[at] == null ? null : ITEMS.get(codes[at]);
        }
        return items;
    }

    public Vector<Object> reverseList(Vector<Object> list) {
        Vector<Object> reversed = new Vector<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    /** XML as it is: a type of Axis's own that its contract leaves undefined. */
    public Element echoXml(Element xml) {
        return xml;
    }

    public QName echoName(QName name) {
        return name;
    }

    public BigDecimal addPrices(BigDecimal left, BigDecimal right) {
        return left.add(right);
    }

    public BigInteger power(long base, int exponent) {
        return BigInteger.valueOf(base).pow(exponent);
    }

    public Calendar shiftDate(Calendar at, int days) {
        Calendar shifted = (Calendar) at.clone();
        shifted.add(Calendar.DAY_OF_MONTH, days);
        return shifted;
    }

    public byte[] reverseBytes(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[bytes.length - 1 - i] = bytes[i];
        }
        return reversed;
    }

    /** The contract says base64Binary; Axis refers to an attachment beside the envelope. */
    public DataHandler getPhoto(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) 0xFF);
        return new DataHandler(new ByteArrayDataSource(bytes, "application/octet-stream"));
    }

    public String joinNullable(String text, Integer number, Boolean flag) {
        return text + "/" + number + "/" + flag;
    }

    /** Holders: two results, one of them also an input. */
    public int splitPrice(BigDecimal price, StringHolder currency, BigDecimalHolder rest) {
        currency.value = currency.value.toUpperCase(java.util.Locale.ROOT);
        rest.value = price.remainder(BigDecimal.ONE);
        return price.intValue();
    }

    /** `session` travels in the SOAP header; server-config.wsdd says so. */
    public String whoAmI(String session, String greeting) {
        return greeting + ", " + session;
    }

    /** One-way: no answer. */
    public void keepNote(String note) {
        lastNote = note;
    }

    public String readNote() {
        return lastNote;
    }

    /** An answer with nothing in it. */
    public void removeItem(String code) {
        // A fault that the contract does not declare.
        if (!ITEMS.containsKey(code)) {
            throw new IllegalStateException("nothing to remove at /srv/depot/" + code);
        }
    }
}
