package io.syncline.attention;

/** What a person can do about an item, in sentences (promise 30). */
record Advice(AttentionItem item, boolean asksForOne) {
    String text() {
        if (item.closed() != null) {
            return "Nothing: it waits no more.";
        }
        return switch (item.kind()) {
            case "rejected" -> rejected();
            case "parked" -> "Bring what it waits for: mend or make the parent at the source, and ask for that; the record comes with it. " + again()
                    + " If it is never to come, discard it with a reason: its row stays as it is, or is not made.";
            case "held" -> "Look at the keys. If they are rightly gone, approve their deletion: everything is read again first. If they are not, mend the"
                    + " source and ask for them again. Discarding rejects these deletes until another run finds the records missing, which holds them again.";
            case "refused" -> "Read what the system says. Mend the record here: the edit is sent by itself. If the system was wrong, have it sent again; if the"
                    + " edit was, give it up, and the record takes back what had been agreed.";
            case "unknown" -> "Look the record up in the system. If what was sent is there, say that it arrived (of one that was"
                    + " to be made, with the key it has there): it is read back and agreed on. If it is not there, say so, and it is sent again with the"
                    + " idempotency key it had.";
            default -> "Decide about it: /api/v1/syncs/" + item.sync() + "/conflicts/" + item.id().substring(1) + " shows both sides, and what each decision"
                    + " would write where. Or make both sides say the same in these fields: the next read of the record ends the conflict then.";
        };
    }

    private String rejected() {
        if (item.key() == null) {
            return "Mend the record at the source, so that its key can be read. Until then the watermark stays before it, and every run reads it again."
                    + " Discarding ends this entry only: it moves no watermark, and the next read that shows the record opens a new one.";
        }
        return "Mend the record at the source, or what is declared of it in config/syncs. " + again()
                + " If it is to stay as it is there, discard it with a reason: its row stays as it is, or is not made, until a read shows the record again.";
    }

    private String again() {
        if (!asksForOne) {
            return "The next read that brings it is its retry.";
        }
        return item.nextAttemptAt() == null ? "Nothing asks for it by itself any more: ask for it again then." : "It is asked for again by itself at "
                + item.nextAttemptAt() + ", or now by retry.";
    }
}
