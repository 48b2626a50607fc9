package io.syncline.sandbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The parameters of a list, checked. What a list does not know it ignores, as the real one does. */
record ListQuery(int page, int pageSize, boolean includeTotal, Predicate<Item> filter, Comparator<Item> order) {
    static final int MOST_ROWS = 5_000;
    static final int MOST_IDS = 50;
    private static final int USUAL_ROWS = 50;
    private static final Set<String> SORT_FIELDS = Set.of("id", "code", "displayName", "createdOn", "modifiedOn", "price", "memberPrice", "addOnPrice",
            "addOnMemberPrice", "cost", "manufacturer", "name", "position");

    /** @throws Invalid when something cannot be understood */
    static ListQuery of(Entity entity, Map<String, String> parameters) {
        Checker checker = new Checker(parameters);
        int page = checker.number("page", 1, Integer.MAX_VALUE, 1);
        int pageSize = checker.number("pageSize", 1, MOST_ROWS, USUAL_ROWS);
        boolean includeTotal = checker.oneOf("includeTotal", "false", "true", "false").equals("true");
        Predicate<Item> filter = checker.active();
        Comparator<Item> order = checker.order();
        filter = entity.isSku() ? filter.and(checker.ids()).and(checker.times()) : filter.and(checker.type());
        if (!checker.errors.isEmpty()) {
            throw new Invalid(checker.errors);
        }
        return new ListQuery(page, pageSize, includeTotal, filter, order);
    }

    /** RFC 3339 with any offset; without one it is taken for UTC. */
    static Optional<Instant> moment(String text) {
        try {
            boolean zoned = text.matches(".*([Zz]|[+-]\\d\\d:\\d\\d)$");
            return Optional.of(OffsetDateTime.parse(zoned ? text : text + "Z").toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The request is not understood: per parameter, why. */
    static final class Invalid extends RuntimeException {
        private final Map<String, String> errors;

        Invalid(Map<String, String> errors) {
            super(errors.toString());
            this.errors = errors;
        }

        Map<String, String> errors() {
            return errors;
        }
    }

    private static final class Checker {
        private final Map<String, String> parameters;
        private final Map<String, String> errors = new TreeMap<>();

        Checker(Map<String, String> parameters) {
            this.parameters = parameters;
        }

        int number(String name, int least, int most, int otherwise) {
            String value = parameters.get(name);
            if (value == null || value.isEmpty()) {
                return otherwise;
            }
            if (value.matches("\\d{1,9}") && Integer.parseInt(value) >= least && Integer.parseInt(value) <= most) {
                return Integer.parseInt(value);
            }
            errors.put(name, "The value '" + value + "' is not valid: a number from " + least + " to " + most + " is expected.");
            return otherwise;
        }

        String oneOf(String name, String otherwise, String... allowed) {
            String value = parameters.getOrDefault(name, "");
            if (value.isEmpty()) {
                return otherwise;
            }
            for (String each : allowed) {
                if (each.equalsIgnoreCase(value)) {
                    return each;
                }
            }
            errors.put(name, "The value '" + value + "' is not valid. Values: " + List.of(allowed) + ".");
            return otherwise;
        }

        /** Only active items are returned by default. */
        Predicate<Item> active() {
            return switch (oneOf("active", "True", "True", "Any", "False")) {
                case "Any" -> item -> true;
                case "False" -> item -> !item.active();
                default -> Item::active;
            };
        }

        Predicate<Item> type() {
            String type = oneOf("categoryType", "", "Services", "Materials");
            return type.isEmpty() ? item -> true : item -> item.node().path("categoryType").asText().equals(type);
        }

        Predicate<Item> ids() {
            String value = parameters.getOrDefault("ids", "");
            if (value.isEmpty()) {
                return item -> true;
            }
            String[] ids = value.split(",");
            if (ids.length > MOST_IDS || !Arrays.stream(ids).allMatch(id -> id.trim().matches("\\d{1,18}"))) {
                errors.put("ids", "Up to " + MOST_IDS + " ids, separated by commas, are expected; there are " + ids.length + ".");
                return item -> true;
            }
            Set<Long> wanted = Arrays.stream(ids).map(id -> Long.valueOf(id.trim())).collect(Collectors.toSet());
            return item -> wanted.contains(item.id());
        }

        Predicate<Item> times() {
            Instant modifiedFrom = time("modifiedOnOrAfter", Instant.MIN);
            Instant modifiedTo = time("modifiedBefore", Instant.MAX);
            Instant createdFrom = time("createdOnOrAfter", Instant.MIN);
            Instant createdTo = time("createdBefore", Instant.MAX);
            return item -> !item.modifiedOn().isBefore(modifiedFrom) && item.modifiedOn().isBefore(modifiedTo)
                    && !item.createdOn().isBefore(createdFrom) && item.createdOn().isBefore(createdTo);
        }

        private Instant time(String name, Instant otherwise) {
            String value = parameters.getOrDefault(name, "");
            if (value.isEmpty()) {
                return otherwise;
            }
            return moment(value).orElseGet(() -> {
                errors.put(name, "The value '" + value + "' is not a date-time of RFC 3339.");
                return otherwise;
            });
        }

        Comparator<Item> order() {
            String value = parameters.getOrDefault("sort", "");
            Comparator<Item> byId = Comparator.comparingLong(Item::id);
            if (value.isEmpty()) {
                return byId;
            }
            String field = value.length() < 2 ? "" : value.substring(1, 2).toLowerCase(Locale.ROOT) + value.substring(2);
            if (!value.matches("[+-].*") || !SORT_FIELDS.contains(field)) {
                errors.put("sort", "The value '" + value + "' is not valid: +Field or -Field is expected (a plus is written %2B).");
                return byId;
            }
            Comparator<Item> byField = by(field).thenComparing(byId);
            return value.startsWith("-") ? byField.reversed() : byField;
        }

        private static Comparator<Item> by(String field) {
            return switch (field) {
                case "id" -> Comparator.comparingLong(Item::id);
                case "createdOn" -> Comparator.comparing(Item::createdOn);
                case "modifiedOn" -> Comparator.comparing(Item::modifiedOn);
                case "code", "displayName", "manufacturer", "name" -> Comparator.comparing(item -> item.node().path(field).asText());
                default -> Comparator.comparing(item -> item.node().path(field).decimalValue());
            };
        }
    }
}
