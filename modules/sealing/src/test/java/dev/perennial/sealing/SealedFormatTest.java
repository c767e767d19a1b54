package dev.perennial.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer.Purpose;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What was sealed once must open for ever. A ring and bytes it sealed, never to be edited: a change
 * of the format brings new ones beside them. The ring is for this test and seals nothing else.
 */
class SealedFormatTest {
  private static final String PROTO_KEY = "GiDYkFi4sqWqrbHmEiedOp7/JMvmVY1M9cLaAHvKmCLJcQ==";
  private static final String RING =
      """
      {"primaryKeyId":2099095722,"key":[{"keyData":{
        "typeUrl":"type.googleapis.com/google.crypto.tink.AesGcmKey",
        "value":"%s","keyMaterialType":"SYMMETRIC"},
        "status":"ENABLED","keyId":2099095722,"outputPrefixType":"TINK"}]}
      """
          .formatted(PROTO_KEY);
  private static final ConnectionKey CONNECTION = new ConnectionKey("google", "acme");

  @ParameterizedTest
  @CsvSource({
    "CREDENTIAL,"
        + " 01017d1da8aaa98bf8baef889d8a7c726fa9e231398f5694e77fa1f9322c84a0abf56dd8bbb7ac8323da436c77e35e37f51de168db86",
    "AUTHORIZATION_CODE,"
        + " 01017d1da8aac99d5bc43d9ef72a746f9124252415be53265b3d54b822b935b5d5d921af56f270aad95348fbda6ffaa6b870350e32f2",
    "PENDING_AUTHORIZATION,"
        + " 01017d1da8aa6dc3705736c0c682c665fc17d5dab285ca740bb035f243249be29ac5f4d5c032833323164333736d440b4a83e961a50c",
    "UNREADABLE_ANSWER,"
        + " 01017d1da8aa1465e2fef600651e0029533c343c1142d1160a621e8a20e81e30b882e436effeb663a6a33a9dcf2379e7dbb21940340b",
  })
  void bytes_sealed_long_ago_still_open(Purpose purpose, String hex) {
    Sealed sealed = Sealed.of(HexFormat.of().parseHex(hex));
    assertThat(KeyRing.read(RING).open(CONNECTION, purpose, sealed))
        .asString(UTF_8)
        .isEqualTo("a text to find again");
    assertThat(KeyRing.keyIdOf(sealed)).hasValue(2_099_095_722L);
  }

  /** The Javadoc of {@link KeyRing}, followed byte by byte with the JDK's own cipher. */
  @ParameterizedTest
  @CsvSource({
    "CREDENTIAL, credential",
    "AUTHORIZATION_CODE, authorization_code",
    "PENDING_AUTHORIZATION, pending_authorization",
    "CONNECT_SESSION, connect_session",
    "UNREADABLE_ANSWER, unreadable_answer"
  })
  void the_format_is_what_its_documentation_says(Purpose purpose, String name) throws Exception {
    byte[] plain = "a text to find again".getBytes(UTF_8);
    byte[] sealed = KeyRing.read(RING).seal(CONNECTION, purpose, plain).bytes();

    assertThat(Arrays.copyOf(sealed, 6)).isEqualTo(HexFormat.of().parseHex("01017d1da8aa"));
    assertThat(open(sealed, "perennial\0" + name + "\0google/acme")).isEqualTo(plain);
  }

  private static byte[] open(byte[] sealed, String associatedData) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    byte[] key = Arrays.copyOfRange(Base64.getDecoder().decode(PROTO_KEY), 2, 34);
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(key, "AES"),
        new GCMParameterSpec(128, sealed, 6, 12));
    cipher.updateAAD(associatedData.getBytes(UTF_8));
    return cipher.doFinal(sealed, 18, sealed.length - 18);
  }
}
