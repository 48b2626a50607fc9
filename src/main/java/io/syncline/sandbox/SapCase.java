package io.syncline.sandbox;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;

/** A case as the caseload holds it. What looks personal is invented. */
record SapCase(String id, String title, int priority, String status, String team, String person, Address address, String phone, String email, LocalDate due,
               LocalTime callAt, BigDecimal claim, String currency, long fileNumber, boolean urgent, Instant createdAt, Instant changedAt, List<Item> items) {
    record Address(String street, String postalCode, String city) {
    }

    record Item(int number, String text, BigDecimal quantity, BigDecimal amount, LocalDate serviceDate) {
    }

    SapCase changed(String otherStatus, int otherPriority, BigDecimal otherClaim, Address otherAddress, Instant at) {
        return new SapCase(id, title, otherPriority, otherStatus, team, person, otherAddress, phone, email, due, callAt, otherClaim, currency, fileNumber,
                urgent, createdAt, at, items);
    }

    /** A change of an item does not move the case's change time. */
    SapCase with(List<Item> otherItems) {
        return new SapCase(id, title, priority, status, team, person, address, phone, email, due, callAt, claim, currency, fileNumber, urgent, createdAt,
                changedAt, otherItems);
    }
}
