package depot;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Calendar;
import java.util.Map;
import java.util.TimeZone;

/** What the depot holds; not published. */
class Stock {
    private Stock() {}

    static void fill(Map<String, Item> items) {
        Item hammer = item(new Item(), "0042", "Hammer & Nail", "12.340", 7);
        hammer.setShelf(3);
        hammer.setTags(new String[] {"steel", "2 kg", null});
        hammer.setLabel("<label/>".getBytes(StandardCharsets.UTF_8));
        items.put(hammer.getCode(), hammer);

        Tool drill = (Tool) item(new Tool(), "0043", "Dr\u00fcller", "25000.00", 1);
        drill.setFragile(true);
        drill.setPower(0.5);
        // The same object as above: a reference in the answer.
        drill.setSpare(hammer);
        drill.setTags(new String[0]);
        items.put(drill.getCode(), drill);

        items.put("0E42", item(new Item(), "0E42", "", "0.99", 0));
    }

    private static Item item(Item item, String code, String name, String price, int quantity) {
        item.setCode(code);
        item.setName(name);
        item.setPrice(new BigDecimal(price));
        item.setQuantity(quantity);
        Calendar added = Calendar.getInstance(TimeZone.getTimeZone("UTC"));
        added.setTimeInMillis(1_700_000_000_123L);
        item.setAddedAt(added);
        return item;
    }

    static String describe(Item[] items) {
        StringBuilder text = new StringBuilder();
        for (Item item : items) {
            if (item == null) {
                text.append("nothing; ");
                continue;
            }
            text.append(item.getClass().getSimpleName()).append(' ').append(item.getCode())
                .append(' ').append(item.getPrice()).append(' ')
                .append(item.getTags() == null ? "-" : String.join(",", item.getTags()));
            if (item instanceof Tool) {
                text.append(' ').append(((Tool) item).getPower());
            }
            text.append("; ");
        }
        return text.toString().trim();
    }

    static Team team(String title) {
        Person anna = new Person("Anna", null);
        Person bo = new Person("Bo", anna);
        Team team = new Team();
        team.setTitle(title);
        team.setLead(anna);
        team.setMembers(new Person[] {bo, anna, null});
        if (title.equals("circle")) {
            anna.setDeputy(bo);
        }
        return team;
    }
}
