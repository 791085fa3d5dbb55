package adapter;

import java.util.List;

/** One message of a channel. Its name is its ce-type (N3). */
record MessageType(String name, Schema headers, Schema payload, List<Rule> rules) {}
