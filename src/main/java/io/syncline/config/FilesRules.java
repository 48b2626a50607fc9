package io.syncline.config;

/** What the schema of a folder of files cannot say. */
final class FilesRules {
    private FilesRules() {
    }

    static void check(Yaml resource, Mistakes mistakes) {
        String format = resource.get("format").text();
        Yaml delimiter = resource.get("delimiter");
        if (resource.has("delimiter") && (format.equals("parquet") || format.equals("json-lines"))) {
            mistakes.add(delimiter, "nothing is separated by it in " + (format.equals("parquet") ? "Parquet" : "JSON lines") + ".",
                    "Leave it out, or write format: csv.");
        }
        Yaml charset = resource.get("charset");
        if (resource.has("charset") && format.equals("parquet")) {
            mistakes.add(charset, "texts in Parquet are always UTF-8.", "Leave it out, or write format: csv or json-lines.");
        } else {
            CommonRules.charset(charset, mistakes);
        }
    }
}
