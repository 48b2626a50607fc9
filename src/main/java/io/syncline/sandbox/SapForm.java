package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How records look in one version of OData. */
final class SapForm {
    private final boolean four;
    private final String root;

    /** @param root the service's whole address */
    SapForm(boolean four, String root) {
        this.four = four;
        this.root = root;
    }

    /** @param select empty for everything */
    ObjectNode caseOf(SapCase given, Set<String> select, boolean withItems) {
        ObjectNode node = JsonText.object();
        metadata(node, "Cases('" + given.id() + "')", "Case");
        node.put("CaseId", given.id()).put("Title", given.title()).put("Priority", given.priority()).put("Status", given.status()).put("TeamId", given.team())
                .put("PersonName", given.person());
        ObjectNode address = node.putObject("Address");
        if (!four) {
            address.putObject("__metadata").put("type", "ZCASELOAD_SRV.Address");
        }
        address.put("Street", given.address().street()).put("PostalCode", given.address().postalCode()).put("City", given.address().city());
        node.put("Phone", given.phone()).put("Email", given.email());
        date(node, "DueOn", given.due());
        time(node, "CallAt", given.callAt());
        decimal(node, "ClaimAmount", given.claim());
        node.put("Currency", given.currency());
        if (four) {
            node.put("FileNumber", given.fileNumber());
        } else {
            node.put("FileNumber", Long.toString(given.fileNumber()));
        }
        node.put("Urgent", given.urgent());
        if (four) {
            node.put("CreatedAt", given.createdAt().toString());
        } else {
            node.put("CreatedAt", "/Date(" + given.createdAt().toEpochMilli() + ")/");
        }
        instant(node, "ChangedAt", given.changedAt());
        if (withItems) {
            ArrayNode items = four ? node.putArray("Items") : node.putObject("Items").putArray("results");
            given.items().forEach(item -> items.add(itemOf(given, item, Set.of())));
        } else if (!four) {
            node.putObject("Items").putObject("__deferred").put("uri", root + "/Cases('" + given.id() + "')/Items");
        }
        return chosen(node, select, withItems);
    }

    ObjectNode itemOf(SapCase of, SapCase.Item item, Set<String> select) {
        ObjectNode node = JsonText.object();
        metadata(node, "CaseItems(CaseId='" + of.id() + "',ItemNo=" + item.number() + ")", "CaseItem");
        node.put("CaseId", of.id()).put("ItemNo", item.number()).put("Text", item.text());
        decimal(node, "Quantity", item.quantity());
        decimal(node, "Amount", item.amount());
        date(node, "ServiceOn", item.serviceDate());
        return chosen(node, select, false);
    }

    ObjectNode teamOf(SapTeam team, Set<String> select) {
        ObjectNode node = JsonText.object();
        metadata(node, "Teams('" + team.id() + "')", "Team");
        node.put("TeamId", team.id()).put("Name", team.name()).put("Lead", team.lead());
        return chosen(node, select, false);
    }

    /** What is no more, as a delta tells it. */
    ObjectNode gone(String id) {
        ObjectNode node = JsonText.object();
        node.putObject("@removed").put("reason", "deleted");
        return node.put("@id", "Cases('" + id + "')").put("CaseId", id);
    }

    /** The same of an item; its address alone says which. */
    ObjectNode goneItem(String caseId, int number) {
        ObjectNode node = JsonText.object();
        node.putObject("@removed").put("reason", "deleted");
        return node.put("@id", "CaseItems(CaseId='" + caseId + "',ItemNo=" + number + ")");
    }

    Answer error(int status, String code, String message) {
        ObjectNode error = JsonText.object();
        if (four) {
            error.putObject("error").put("code", code).put("message", message);
        } else {
            error.putObject("error").put("code", code).putObject("message").put("lang", "en").put("value", message);
        }
        return Answer.json(status, error);
    }

    private ObjectNode chosen(ObjectNode node, Set<String> select, boolean withItems) {
        if (!select.isEmpty()) {
            List<String> names = new ArrayList<>();
            node.fieldNames().forEachRemaining(names::add);
            boolean expanded = four && withItems;
            names.stream().filter(name -> !select.contains(name) && !name.startsWith("__") && !name.startsWith("@") && !(expanded && name.equals("Items")))
                    .forEach(node::remove);
        }
        return node;
    }

    private void metadata(ObjectNode node, String path, String type) {
        if (four) {
            node.put("@odata.id", path);
        } else {
            node.putObject("__metadata").put("id", root + "/" + path).put("uri", root + "/" + path).put("type", "ZCASELOAD_SRV." + type);
        }
    }

    private void decimal(ObjectNode node, String name, BigDecimal value) {
        if (four) {
            node.put(name, value);
        } else {
            node.put(name, value.toPlainString());
        }
    }

    private void date(ObjectNode node, String name, LocalDate value) {
        node.put(name, four ? value.toString() : "/Date(" + value.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() + ")/");
    }

    private void time(ObjectNode node, String name, LocalTime value) {
        node.put(name, four ? DateTimeFormatter.ISO_LOCAL_TIME.format(value)
                : "PT%02dH%02dM%02dS".formatted(value.getHour(), value.getMinute(), value.getSecond()));
    }

    private void instant(ObjectNode node, String name, Instant value) {
        node.put(name, four ? value.toString() : "/Date(" + value.toEpochMilli() + "+0000)/");
    }
}
