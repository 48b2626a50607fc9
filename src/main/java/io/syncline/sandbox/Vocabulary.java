package io.syncline.sandbox;

import java.util.List;

/** What a field-service company sells, in its own words. */
final class Vocabulary {
    /** A line of business with what it works on. */
    record Trade(String name, String code, List<String> groups, List<String> parts) {
    }

    static final List<Trade> TRADES = List.of(
            new Trade("Pool & Spa", "POOL",
                    List.of("Pumps & Motors", "Filters", "Heaters", "Automation", "Water Chemistry", "Pool Lighting", "Cleaners", "Valves & Plumbing"),
                    List.of("variable-speed pump", "multiport valve", "cartridge filter", "salt cell", "LED pool light", "skimmer basket", "pump seal kit",
                            "heat exchanger", "chlorinator", "pressure gauge")),
            new Trade("Electrical", "ELEC",
                    List.of("Panels & Breakers", "Wiring", "Outlets & Switches", "Indoor Lighting", "Generators", "EV Charging", "Surge Protection",
                            "Ceiling Fans"),
                    List.of("200 A main panel", "GFCI outlet", "AFCI breaker", "dimmer switch", "recessed light", "EV charger", "transfer switch",
                            "whole-home surge protector", "THHN copper wire 12 AWG", "EMT conduit")),
            new Trade("Heating & Cooling", "HVAC",
                    List.of("Air Conditioners", "Furnaces", "Heat Pumps", "Ductwork", "Thermostats", "Indoor Air Quality", "Mini-Splits", "Refrigerants"),
                    List.of("run capacitor 45/5 µF", "contactor 2-pole 40 A", "blower motor ½ HP", "hot surface igniter", "smart thermostat", "evaporator coil",
                            "condensate pump", "MERV 13 filter", "flame sensor", "R-410A refrigerant")),
            new Trade("Plumbing", "PLMB",
                    List.of("Water Heaters", "Drains & Sewer", "Faucets & Sinks", "Toilets", "Water Treatment", "Gas Lines", "Repiping", "Sump Pumps"),
                    List.of("50 gal. water heater", "kitchen faucet", "wax ring", "ball valve ¾ in.", "90° elbow 1½ in.", "P-trap 1¼ in.", "PEX tubing ½ in.",
                            "pressure relief valve", "sump pump ⅓ HP", "toilet fill valve")),
            new Trade("Irrigation & Outdoor", "IRRG",
                    List.of("Sprinklers", "Drip Lines", "Controllers", "Backflow", "Landscape Lighting", "Water Features", "Fire Features", "Drainage"),
                    List.of("rotor head 4 in.", "drip emitter 1 gph", "irrigation controller", "backflow preventer 1 in.", "valve box", "path light",
                            "low-voltage transformer", "rain sensor", "French drain pipe 4 in.", "fountain pump")));

    static final List<String> SERVICE_KINDS = List.of("Install", "Repair", "Maintenance", "Inspection", "Emergency");
    static final List<String> MATERIAL_KINDS = List.of("Parts", "Fittings", "Consumables", "Kits", "Accessories");
    static final List<String> MAKERS = List.of("Norwell", "Brightwater", "Calder", "Highline", "Tresco", "Arvane", "Solmar", "Kestrel");
    static final List<String> VENDORS = List.of("CED", "POOL360", "Home Depot", "Eastgate Supply", "Lakeside Wholesale");
    static final List<String> ACTIONS = List.of("Install", "Replace", "Repair", "Diagnose", "Clean", "Rebuild", "Upgrade", "Winterize", "Inspect", "Calibrate");
    static final List<String> UNITS = List.of("Each", "Foot", "Box", "Gallon", "Pound", "Roll");
    static final List<String> GRADES = List.of("standard", "heavy-duty", "commercial", "premium", "economy");
    static final List<String> CROSS_SALES = List.of("Memberships", "Accessories", "Air Quality", "Safety");
    static final List<String> NOTES = List.of(
            "Includes parts, labor and clean-up.",
            "<p>Two-year workmanship warranty.<br/>Permit not included.</p>",
            "Call ahead: \"gate code\" needed; dogs in yard.",
            "Fits 1½ in. and 2 in. unions – check before ordering.",
            "Water temperature must be above 50 °F.",
            "Includes haul-away & disposal of the old unit.",
            "First line\nSecond line\twith a tab",
            "Price valid for single-storey homes only.");

    private Vocabulary() {
    }
}
