package io.syncline.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Invents cases: the same random numbers, the same cases. */
final class SapFactory {
    static final List<String> STATUSES = List.of("Open", "In progress", "Waiting", "On hold", "Closed");
    private static final List<String> FIRST = List.of("Anna", "Björn", "Chiara", "Dídac", "Eszter", "François", "Grace", "Håkon", "Irène", "Jürgen", "Kasia",
            "Luís", "Máire", "Noor", "Oskar", "Péter", "Quirine", "Renée", "Søren", "Thérèse", "Ülkü", "Věra", "Wout", "Zoë");
    private static final List<String> LAST = List.of("Aerts", "Bauer", "Claes", "D'Hondt", "Eriksson", "Fernández", "Goossens", "Hoffmann", "Ivanov",
            "Janssens", "Kowalski", "Lefèvre", "Müller", "Nagy", "O'Brien", "Peeters", "Quintero", "Rossi", "Smets", "Tóth", "Vandenberghe", "Wójcik");
    private static final List<String> STREETS = List.of("Bahnhofstraße", "Rue de l'Église", "Kerkstraat", "Calle Mayor", "High Street", "Lindenallee",
            "Stationsplein", "Via Roma");
    private static final List<String> CITIES = List.of("Gent", "Köln", "Liège", "Málaga", "Leuven", "Zürich", "Łódź", "Namur", "Århus", "Antwerpen");
    private static final List<String> MATTERS = List.of("Refund of a levy", "Change of address", "Objection to a notice", "Payment in instalments",
            "Missing declaration", "Proof of residence", "Inheritance", "Company register", "Parking permit", "Child benefit");
    private static final List<String> STEPS = List.of("Letter sent", "Phone call", "Document checked", "Site visit", "Expert's opinion", "Payment booked");

    private final SplittableRandom random;

    SapFactory(SplittableRandom random) {
        this.random = random;
    }

    static List<SapTeam> teams() {
        List<SapTeam> teams = new ArrayList<>();
        for (int i = 1; i <= 12; i++) {
            teams.add(new SapTeam("T%02d".formatted(i), "Team " + CITIES.get(i % CITIES.size()), FIRST.get(i) + " " + LAST.get(i)));
        }
        return teams;
    }

    static String idOf(int number) {
        return "%010d".formatted(100_000 + number);
    }

    SapCase made(int number, Instant changedAt) {
        String first = any(FIRST);
        String last = any(LAST);
        LocalDate due = LocalDate.ofInstant(changedAt, ZoneOffset.UTC).plusDays(random.nextInt(1, 90));
        List<SapCase.Item> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(item(items.size() + 1, due.minusDays(i)));
        }
        return new SapCase(idOf(number), any(MATTERS) + " " + last, random.nextInt(1, 5), any(STATUSES), "T%02d".formatted(random.nextInt(1, 13)),
                first + " " + last, address(), "+32 4%02d %02d %02d %02d".formatted(random.nextInt(70, 100), random.nextInt(100), random.nextInt(100),
                random.nextInt(100)), (first.charAt(0) + "." + last.replaceAll("[^A-Za-z]", "") + number + "@example.org").toLowerCase(Locale.ROOT), due,
                LocalTime.of(random.nextInt(8, 18), random.nextInt(4) * 15), claim(), random.nextInt(5) == 0 ? "CHF" : "EUR",
                9_007_199_254_740_992L + number, random.nextInt(10) == 0, changedAt.minusSeconds(random.nextInt(1, 8_000_000)), changedAt, List.copyOf(items));
    }

    SapCase.Address address() {
        return new SapCase.Address(any(STREETS) + " " + random.nextInt(1, 200), Integer.toString(random.nextInt(1000, 9999)), any(CITIES));
    }

    /** More digits than a double holds, now and then. */
    BigDecimal claim() {
        return random.nextInt(50) == 0 ? new BigDecimal("1234567890123456.7" + random.nextInt(10)) : BigDecimal.valueOf(random.nextInt(1_000_000), 2);
    }

    SapCase.Item item(int number, LocalDate on) {
        return new SapCase.Item(number, any(STEPS), BigDecimal.valueOf(random.nextInt(1, 4_000), 3), BigDecimal.valueOf(random.nextInt(100_000), 2), on);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
