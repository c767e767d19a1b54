package dev.perennial.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.crypto.tink.Aead;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.KeyRingException;
import dev.perennial.sealing.KmsAwayException;
import dev.perennial.sealing.KmsUnreachableException;
import dev.perennial.sealing.Wrapping;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rings under a key of AWS KMS, against a server that speaks its API. Credentials and endpoint come
 * from the SDK's own system properties, as they may from its environment.
 */
class AwsKmsTest {
  private static final String ONE =
      "aws-kms://arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String TWO = ONE.replace("1234abcd", "ffffabcd");

  @TempDir Path directory;
  private final Map<String, @Nullable String> before = new LinkedHashMap<>();
  private final KeyRing ring = KeyRing.ofNewKey();
  private FakeKms kms;

  @BeforeEach
  void start() throws Exception {
    kms = new FakeKms(0);
    property("aws.accessKeyId", "AKIDEXAMPLE");
    property("aws.secretAccessKey", "planted-secret-key");
    property("aws.disableEc2Metadata", "true");
    property("aws.endpointUrlKms", kms.uri().toString());
    property("aws.maxAttempts", "1");
  }

  private void property(String name, String value) {
    before.put(name, System.setProperty(name, value));
  }

  @AfterEach
  void stop() {
    kms.close();
    before.forEach((name, value) -> {
      if (value == null) {
        System.clearProperty(name);
      } else {
        System.setProperty(name, value);
      }
    });
  }

  @Test
  void a_ring_is_encrypted_and_read_again_by_the_key_in_the_kms() throws Exception {
    Path file = Files.writeString(directory.resolve("keys.json"), Wrapping.kms(ONE).write(ring));
    assertThat(Files.readString(file)).contains("encryptedKeyset").doesNotContain("keyData");
    assertThat(Wrapping.kms(ONE).load(file).keys()).isEqualTo(ring.keys());
    assertThat(kms.targets).containsExactly("TrentService.Encrypt", "TrentService.Decrypt");
  }

  @Test
  void requests_are_signed_with_what_the_sdk_finds() {
    Wrapping.kms(ONE).write(ring);
    assertThat(kms.authorizations)
        .singleElement()
        .asString()
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
        .contains("/eu-west-1/kms/aws4_request")
        .doesNotContain("planted");
  }

  @Test
  void another_key_of_the_kms_is_refused_by_name() {
    String text = Wrapping.kms(ONE).write(ring);
    assertThatThrownBy(() -> Wrapping.kms(TWO).read(text, "key ring keys.json"))
        .isExactlyInstanceOf(KeyRingException.class)
        .hasMessageContaining("key ring keys.json")
        .hasMessageContaining(TWO)
        .hasMessageContaining("IncorrectKeyException")
        .hasMessageNotContainingAny("planted", text);
  }

  @Test
  void a_kms_that_is_away_can_be_asked_again() throws Exception {
    String text = Wrapping.kms(ONE).write(ring);
    Wrapping wrapping = Wrapping.kms(ONE);
    int port = kms.port();
    kms.close();
    assertThatThrownBy(() -> wrapping.read(text, "key ring keys.json"))
        .isInstanceOf(KmsAwayException.class)
        .hasMessageContaining("waits for " + ONE);
    kms = new FakeKms(port);
    assertThat(wrapping.read(text, "ring").keys()).isEqualTo(ring.keys());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 503})
  void a_kms_that_cannot_now_can_be_asked_again(int status) {
    String text = Wrapping.kms(ONE).write(ring);
    kms.status = status;
    assertThatThrownBy(() -> Wrapping.kms(ONE).read(text, "ring"))
        .isInstanceOf(KmsAwayException.class)
        .hasMessageContaining(String.valueOf(status));
  }

  @Test
  void a_process_without_credentials_waits_for_them() {
    String text = Wrapping.kms(ONE).write(ring);
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    assertThatThrownBy(() -> Wrapping.kms(ONE).read(text, "ring"))
        .isInstanceOf(KmsAwayException.class)
        .hasMessageContaining("credentials");
  }

  @Test
  void associated_data_are_bound_as_an_encryption_context() throws Exception {
    Aead key = new AwsKms().withDefaultCredentials().getAead(ONE);
    byte[] sealed = key.encrypt("text".getBytes(UTF_8), "for this".getBytes(UTF_8));
    assertThat(key.decrypt(sealed, "for this".getBytes(UTF_8))).asString(UTF_8).isEqualTo("text");
    assertThatThrownBy(() -> key.decrypt(sealed, "for that".getBytes(UTF_8)))
        .isInstanceOf(GeneralSecurityException.class)
        .isNotInstanceOf(KmsUnreachableException.class);
  }

  @Test
  void more_than_the_kms_takes_is_refused_here() throws Exception {
    Aead key = new AwsKms().getAead(ONE);
    assertThatThrownBy(() -> key.encrypt(new byte[4097], new byte[0])).hasMessageContaining("4096");
    assertThat(kms.targets).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aws-kms://",
        "aws-kms://key/1",
        "aws-kms://arn:aws:kms:eu-west-1:1:key/1",
        "aws-kms://arn:aws:s3:eu-west-1:111122223333:key/1",
        "aws-kms://arn:aws:kms:eu-west-1:111122223333:key/1 x"
      })
  void what_is_no_arn_of_a_key_is_refused(String uri) {
    assertThatThrownBy(() -> Wrapping.kms(uri))
        .isInstanceOf(KeyRingException.class)
        .hasMessageContaining("arn:aws:kms:<region>");
  }

  @Test
  void an_alias_will_do() {
    String alias = "aws-kms://arn:aws:kms:eu-west-1:111122223333:alias/perennial";
    assertThat(Wrapping.kms(alias).read(Wrapping.kms(alias).write(ring), "ring").keys())
        .isEqualTo(ring.keys());
  }
}
