package ledger;

import jakarta.jws.WebService;
import jakarta.xml.ws.Holder;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import money.Money;

/** Answers with what it understood, so that a value lost on the way is seen. */
@WebService(endpointInterface = "ledger.Ledger", targetNamespace = Ledger.NS,
    serviceName = "LedgerService", portName = "LedgerPort")
public class LedgerService implements Ledger {
    public Entry getEntry(String account, long number) throws NoSuchAccount {
        if (account.isEmpty()) {
            throw new NoSuchAccount("no such account", account + number);
        }
        Transfer transfer = new Transfer();
        transfer.number = number;
        transfer.sum = new Money("-0.50", "NOK");
        transfer.label = List.of("a", "");
        transfer.to = account;
        return transfer;
    }

    public Entries checkEntries(Entries entries) {
        return entries;
    }

    public String[] reverseNames(String[] names) {
        String[] reversed = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            reversed[names.length - 1 - i] = names[i];
        }
        return reversed;
    }

    public int splitPrice(BigDecimal price, Holder<String> currency, Holder<Money> rest) {
        currency.value = currency.value.toUpperCase(Locale.ROOT);
        rest.value = new Money(price.remainder(BigDecimal.ONE).toPlainString(), currency.value);
        return price.intValue();
    }

    public void closeAccount(String account) throws NoSuchAccount {
        if (!account.equals("0042")) {
            throw new NoSuchAccount("no such account", account);
        }
    }

    public void keepNote(String note) {}
}
