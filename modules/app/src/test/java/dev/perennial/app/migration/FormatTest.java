package dev.perennial.app.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Records of other systems, as they document and write them. */
class FormatTest {
  private static final String HEADER =
      "client_registration_id,principal_name,access_token_type,access_token_value,"
          + "access_token_issued_at,access_token_expires_at,access_token_scopes,"
          + "refresh_token_value\n";

  private final Names names =
      new Names(
          Map.of("google-drive", "google"),
          Map.of("subdomain", "SHOP"),
          integration -> integration.equals("shop") ? List.of("SHOP", "INSTANCE_URL") : List.of());

  @Test
  void connectionsOfNangoBecomeLines() throws IOException {
    List<Converted> read = read(Format.NANGO, nango());

    assertThat(read).hasSize(6);
    assertThat(line(read.get(0)))
        .isEqualTo(
            "{\"integration\":\"google\","
                + "\"connection\":\"9f1c2a44-1d0e-4c7b-8a52-6f0b3c5d7e21\","
                + "\"access_token\":\"planted-access-1\",\"refresh_token\":\"planted-refresh-1\","
                + "\"expires_at\":\"2026-03-01T12:40:02.511Z\",\"oauth\":{"
                + "\"access_token\":\"planted-access-1\",\"expires_in\":3599,"
                + "\"scope\":\"https://www.googleapis.com/auth/drive.readonly\","
                + "\"token_type\":\"Bearer\",\"refresh_token\":\"planted-refresh-1\","
                + "\"expires_at\":\"2026-03-01T12:40:02.511Z\"}}");
    assertThat(line(read.get(1)))
        .isEqualTo(
            "{\"integration\":\"shop\",\"connection\":\"shop=20of=20ada\","
                + "\"access_token\":\"planted-access-2\",\"oauth\":{"
                + "\"access_token\":\"planted-access-2\",\"scope\":\"read_orders\"},"
                + "\"variables\":{\"SHOP\":\"ada-shop\","
                + "\"INSTANCE_URL\":\"https://x.example.com\"}}");
    assertThat(((Converted.Line) read.get(1)).note()).isEqualTo("was 'shop of ada'");
    assertThat(why(read.get(2))).contains("OAUTH1");
    assertThat(why(read.get(3))).contains("no credentials");
    assertThat(why(read.get(4))).contains("--map 'Google Drive=…'");
    assertThat(why(read.get(5))).contains("connection_id");
    assertThat(read.toString()).doesNotContain("planted");
  }

  @Test
  void oneConnectionAndOneAfterTheOtherAreReadToo() throws IOException {
    String one =
        "{\"connection_id\":\"a\",\"provider_config_key\":\"x\",\"credentials\":"
            + "{\"type\":\"OAUTH2\",\"access_token\":\"t\",\"raw\":{}}}";
    assertThat(read(Format.NANGO, one)).hasSize(1);
    assertThat(read(Format.NANGO, one + "\n" + one + "\n")).hasSize(2);
    assertThat(read(Format.NANGO, "")).isEmpty();
  }

  @Test
  void whatIsNoJsonIsSaidWithItsPlaceAndWithoutItsText() {
    assertThatThrownBy(() -> read(Format.NANGO, "[{\"a\":1},\n {planted"))
        .isInstanceOf(UnreadableSourceException.class)
        .hasMessageContaining("line 2")
        .hasMessageNotContaining("planted");
  }

  @Test
  void rowsOfSpringBecomeLines() throws IOException {
    String csv =
        HEADER
            + "google-drive,ada@example.com,Bearer,planted-1,2026-03-01 11:00:00.25,"
            + "2026-03-01 12:00:00+00,\"mail,drive\",planted-2\n"
            + "shop,\"Lovelace, \"\"Ada\"\"\",Bearer,planted-3,2026-07-01 14:00:00,"
            + "2026-07-01 15:00:00,,\n";

    List<Converted> read = read(Format.SPRING, csv, ZoneId.of("Europe/Berlin"));

    assertThat(line(read.get(0)))
        .isEqualTo(
            "{\"integration\":\"google\",\"connection\":\"ada@example.com\","
                + "\"access_token\":\"planted-1\",\"refresh_token\":\"planted-2\","
                + "\"token_type\":\"Bearer\",\"scope\":\"mail drive\","
                + "\"issued_at\":\"2026-03-01T10:00:00.250Z\","
                + "\"expires_at\":\"2026-03-01T12:00:00Z\"}");
    assertThat(line(read.get(1)))
        .contains("\"connection\":\"Lovelace=2C=20=22Ada=22\"")
        .contains("\"issued_at\":\"2026-07-01T12:00:00Z\"")
        .doesNotContain("refresh_token", "scope");
  }

  @Test
  void rowsInJsonUnderNamesInUpperCaseAreRowsToo() throws IOException {
    String row =
        """
        {"CLIENT_REGISTRATION_ID":"google","PRINCIPAL_NAME":"ada","ACCESS_TOKEN_TYPE":"Bearer",
         "ACCESS_TOKEN_VALUE":"planted-1","ACCESS_TOKEN_EXPIRES_AT":"2026-03-01T12:00:00"}
        """;
    assertThat(line(read(Format.SPRING, "\uFEFF\n " + row).getFirst()))
        .contains("\"access_token\":\"planted-1\"", "\"expires_at\":\"2026-03-01T12:00:00Z\"");
  }

  @Test
  void rowsThatCannotBeImportedAreRefused() throws IOException {
    List<Converted> read =
        read(
            Format.SPRING,
            HEADER
                + "google,ada,Bearer,\\x706c,,,,\n"
                + "google,ada,Bearer,planted,yesterday,,,\n"
                + "Google Mail,ada,Bearer,planted,,,,\n"
                + "google,,Bearer,planted,,,,\n");

    assertThat(why(read.get(0))).contains("convert_from(access_token_value, 'UTF8')");
    assertThat(why(read.get(1))).contains("access_token_issued_at");
    assertThat(why(read.get(2))).contains("--map 'Google Mail=…'");
    assertThat(why(read.get(3))).contains("principal_name");
    assertThat(read.toString()).doesNotContain("planted");
    assertThatThrownBy(() -> read(Format.SPRING, HEADER + "a,b\n"))
        .isInstanceOf(UnreadableSourceException.class)
        .hasMessageContaining("row 1");
    assertThatThrownBy(() -> read(Format.SPRING, HEADER + "\"a"))
        .isInstanceOf(UnreadableSourceException.class);
  }

  @Test
  void linesOfOurOwnAreSentAsTheyAre() throws IOException {
    String line = "{\"integration\":\"google-drive\",\"x\":1e400}";
    Names none = new Names(Map.of(), Map.of(), _ -> List.of());
    List<Converted> read = new ArrayList<>();
    Format.JSON.read(reader(line + "\n\nnot JSON\n"), none, ZoneOffset.UTC, read::add);
    assertThat(read).containsExactly(new Converted.Raw(1, line), new Converted.Raw(3, "not JSON"));

    assertThat(read(Format.JSON, line))
        .containsExactly(new Converted.Raw(1, "{\"integration\":\"google\",\"x\":1E+400}"));
  }

  @Test
  void everyNameHasAnIdOfItsOwn() {
    Set<String> ids = new HashSet<>();
    for (String name :
        List.of(
            "ada",
            "ada b",
            "ada=20b c",
            "_ada",
            "ada/b",
            "Äda",
            "x".repeat(200),
            "x".repeat(201),
            " ".repeat(60),
            "\ud83d\ude00",
            "a".repeat(128))) {
      String id = ConnectionIds.of(name);
      assertThat(ConnectionKey.isConnectionId(id)).as(id).isTrue();
      assertThat(ids.add(id)).as(id).isTrue();
    }
    assertThat(ConnectionIds.of("ada=20b")).isEqualTo("ada=20b");
    assertThat(ConnectionIds.of("_ada")).isEqualTo("id:_ada");
  }

  private static String nango() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(FormatTest.class.getResourceAsStream("nango.json"))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private List<Converted> read(Format format, String text) throws IOException {
    return read(format, text, ZoneOffset.UTC);
  }

  private List<Converted> read(Format format, String text, ZoneId zone) throws IOException {
    List<Converted> read = new ArrayList<>();
    format.read(reader(text), names, zone, read::add);
    return read;
  }

  private static BufferedReader reader(String text) {
    return new BufferedReader(new StringReader(text));
  }

  private static String line(Converted converted) {
    return JsonMapper.shared().writeValueAsString(((Converted.Line) converted).members());
  }

  private static String why(Converted converted) {
    return ((Converted.Refused) converted).why();
  }
}
