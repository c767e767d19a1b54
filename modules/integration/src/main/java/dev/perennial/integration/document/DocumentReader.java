package dev.perennial.integration.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a definition file into {@link Json}. What it refuses: more than 256 KiB, more than 32
 * levels, more than 1000 members in one object or list, anything but UTF-8 without a byte order
 * mark, a key written twice. Not thread-safe.
 */
public final class DocumentReader {

  /** In bytes. */
  public static final int MAX_SIZE = 256 * 1024;

  /** Objects and lists within each other. */
  public static final int MAX_DEPTH = 32;

  /** Members of one object, and items of one list. */
  public static final int MAX_MEMBERS = 1000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_SIZE)
                  .maxNameLength(1000)
                  .maxNumberLength(100)
                  .build())
          .build();

  private final Problems problems;

  public DocumentReader(Problems problems) {
    this.problems = problems;
  }

  /** The file's value; empty where it is not JSON, and then a problem says why. */
  public Optional<Json> read(byte[] bytes) {
    if (bytes.length > MAX_SIZE) {
      problems.error(
          Place.FILE, "the file has " + bytes.length + " bytes, a definition at most " + MAX_SIZE);
      return Optional.empty();
    }
    return decode(bytes).flatMap(this::parse);
  }

  private Optional<String> decode(byte[] bytes) {
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      problems.error(
          Place.FILE, "the file starts with a byte order mark: save it as UTF-8 without one");
      return Optional.empty();
    }
    if (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE)) {
      problems.error(Place.FILE, "the file is UTF-16: save it as UTF-8");
      return Optional.empty();
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
    String read = text.flip().toString();
    if (result.isError()) {
      problems.error(placeOf(read, read.length()), "these bytes are not UTF-8");
      return Optional.empty();
    }
    return Optional.of(read);
  }

  private static boolean startsWith(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private Optional<Json> parse(String text) {
    if (text.isBlank()) {
      problems.error(Place.FILE, "the file is empty");
      return Optional.empty();
    }
    int fragment = SyntaxProblem.fragmentStart(text);
    if (fragment >= 0) {
      problems.error(placeOf(text, fragment), SyntaxProblem.fragment(text));
      return Optional.empty();
    }
    int before = problems.errors().size();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Json value = value(parser, "");
      if (parser.nextToken() != null) {
        problems.error(here(parser, ""), "there is more after the end of the JSON value");
      }
      return problems.errors().size() == before ? Optional.of(value) : Optional.empty();
    } catch (JacksonException e) {
      int offset = offset(text, e.getLocation());
      int at = SyntaxProblem.position(text, offset);
      problems.error(placeOf(text, at), SyntaxProblem.reason(text, offset, e));
      return Optional.empty();
    }
  }

  private Json value(JsonParser parser, String path) {
    Place at = here(parser, path);
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser, at);
      case START_ARRAY -> list(parser, at);
      case VALUE_STRING -> new Json.Text(at, parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(at, parser.getString());
      case VALUE_TRUE -> new Json.Bool(at, true);
      case VALUE_FALSE -> new Json.Bool(at, false);
      case VALUE_NULL -> new Json.Nil(at);
      default -> throw new IllegalStateException("no JSON value begins with " + token);
    };
  }

  private Json object(JsonParser parser, Place at) {
    Map<String, Json> members = new LinkedHashMap<>();
    Map<String, Place> keys = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      Place key = here(parser, at.member(name).path());
      parser.nextToken();
      Json value = value(parser, key.path());
      if (members.size() == MAX_MEMBERS) {
        tooMany(key, "an object has at most " + MAX_MEMBERS + " members");
        continue;
      }
      Place first = keys.putIfAbsent(name, key);
      if (first != null) {
        problems.error(key, "written twice, first in line " + first.line());
      }
      members.putIfAbsent(name, value);
    }
    return new Json.Obj(at, members, keys);
  }

  private Json list(JsonParser parser, Place at) {
    List<Json> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Json item = value(parser, at.path() + "[" + items.size() + "]");
      if (items.size() == MAX_MEMBERS) {
        tooMany(item.at(), "a list has at most " + MAX_MEMBERS + " items");
      } else {
        items.add(item);
      }
    }
    return new Json.Arr(at, items);
  }

  /** Told once for a file: where one is too many, hundreds follow. */
  private void tooMany(Place at, String reason) {
    if (problems.errors().stream().noneMatch(problem -> problem.reason().equals(reason))) {
      problems.error(at, reason);
    }
  }

  private static Place here(JsonParser parser, String path) {
    TokenStreamLocation location = parser.currentTokenLocation();
    return new Place(path, location.getLineNr(), location.getColumnNr());
  }

  private static int offset(String text, TokenStreamLocation location) {
    long offset = location == null ? -1 : location.getCharOffset();
    return offset < 0 ? text.length() : (int) Math.min(offset, text.length());
  }

  private static Place placeOf(String text, int offset) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < Math.min(offset, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new Place("", line, offset - lineStart + 1);
  }
}
