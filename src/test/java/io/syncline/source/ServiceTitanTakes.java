package io.syncline.source;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What ServiceTitan takes, from {@code servicetitan-writes.txt}, and what is wrong with something that is to be sent there. */
final class ServiceTitanTakes {
    private final Map<String, Map<String, Member>> records = new LinkedHashMap<>();

    /** @param holds text, whole, small, number, truth, one of …, list: …, or the name of another record */
    record Member(String name, String holds, String remarks) {
        boolean needed() {
            return remarks.contains("needed");
        }

        /** @param whole of a whole new record, or of a part of one; otherwise of a change */
        boolean takesNull(boolean whole, boolean part) {
            return part ? remarks.contains("null") : whole ? !needed() : remarks.contains("null in a changed one");
        }
    }

    ServiceTitanTakes() {
        try {
            for (String line : Files.readAllLines(Path.of("src/test/resources/servicetitan-writes.txt"))) {
                if (!line.startsWith("#") && !line.isBlank()) {
                    String[] parts = (line + " ").split("\\|", -1);
                    records.computeIfAbsent(parts[0].trim(), name -> new LinkedHashMap<>())
                            .put(parts[1].trim(), new Member(parts[1].trim(), parts[2].trim(), parts.length < 4 ? "" : parts[3].trim()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Map<String, Map<String, Member>> records() {
        return records;
    }

    /** @param whole a new record, not a change */
    List<String> mistakes(String record, JsonNode sent, boolean whole) {
        List<String> mistakes = new ArrayList<>();
        object(record, record, sent, whole, false, mistakes);
        return mistakes;
    }

    private void object(String where, String record, JsonNode sent, boolean whole, boolean part, List<String> mistakes) {
        Map<String, Member> members = records.get(record);
        if (!sent.isObject()) {
            mistakes.add(where + " is no object");
            return;
        }
        sent.properties().forEach(each -> {
            Member member = members.get(each.getKey());
            if (member == null) {
                mistakes.add(where + "." + each.getKey() + " is not known there");
            } else if (!each.getValue().isNull()) {
                value(where + "." + each.getKey(), member.holds(), each.getValue(), mistakes);
            } else if (!member.takesNull(whole, part)) {
                mistakes.add(where + "." + each.getKey() + " cannot be null");
            }
        });
        members.values().stream().filter(member -> member.needed() && (whole || part) && !sent.hasNonNull(member.name()))
                .forEach(member -> mistakes.add(where + "." + member.name() + " is needed"));
    }

    private void value(String where, String holds, JsonNode value, List<String> mistakes) {
        if (records.containsKey(holds)) {
            object(where, holds, value, false, true, mistakes);
        } else if (holds.startsWith("list: ")) {
            if (!value.isArray()) {
                mistakes.add(where + " is no list");
            }
            value.forEach(item -> value(where + "[]", holds.substring("list: ".length()), item, mistakes));
        } else if (!isScalar(holds, value)) {
            mistakes.add(where + " is " + value + ", not " + holds);
        }
    }

    private static boolean isScalar(String holds, JsonNode value) {
        return switch (holds) {
            case "text" -> value.isTextual();
            case "truth" -> value.isBoolean();
            case "number" -> value.isNumber();
            case "whole" -> value.canConvertToLong() && value.isIntegralNumber();
            case "small" -> value.canConvertToInt() && value.isIntegralNumber();
            default -> value.isTextual() && List.of(holds.replaceFirst("^one of ", "").split(" ")).contains(value.textValue());
        };
    }
}
