#include <vultus/media/enrol_list.hpp>

#include <gtest/gtest.h>

#include <vultus/media/test_folder.hpp>

namespace vultus::media {
namespace {

using testing::TestFolder;
using Pictures = std::vector<LabelledPicture>;

TEST(SubjectOfFile, IsTheNameWithoutEndingAndNumbering) {
  EXPECT_EQ(subject_of_file("photos/Ada_Lovelace_0001.jpg"), "Ada_Lovelace");
  EXPECT_EQ(subject_of_file("Ada-2.png"), "Ada");
  EXPECT_EQ(subject_of_file("Ada (3).jpg"), "Ada");
  EXPECT_EQ(subject_of_file("Ada(3).jpg"), "Ada");
  EXPECT_EQ(subject_of_file("Ada 12.jpg"), "Ada");
  EXPECT_EQ(subject_of_file("Zoë Müller.jpeg"), "Zoë Müller");
  EXPECT_EQ(subject_of_file("Dr. Who.jpg"), "Dr. Who");
}

TEST(SubjectOfFile, KeepsNumbersThatAreTheName) {
  EXPECT_EQ(subject_of_file("0001.jpg"), "0001");
  EXPECT_EQ(subject_of_file("_1.jpg"), "_1");
  EXPECT_EQ(subject_of_file("R2D2.jpg"), "R2D2");
  EXPECT_EQ(subject_of_file("C3PO_1_2.jpg"), "C3PO_1") << "only one numbering is taken away";
  EXPECT_EQ(subject_of_file("Ada_.jpg"), "Ada_");
  EXPECT_EQ(subject_of_file("Ada 3).jpg"), "Ada 3)");
  EXPECT_EQ(subject_of_file("Ada"), "Ada");
}

TEST(CheckSubjectName, RefusesWhatIsNoName) {
  EXPECT_TRUE(check_subject_name("Zoë"));
  EXPECT_TRUE(check_subject_name("张伟"));
  EXPECT_FALSE(check_subject_name(""));
  EXPECT_FALSE(check_subject_name(" \t"));
  EXPECT_FALSE(check_subject_name("a\nb"));
  EXPECT_FALSE(check_subject_name("\xff"));
  EXPECT_FALSE(check_subject_name("\xc0\xaf")) << "an overlong form";
  EXPECT_TRUE(check_subject_name(std::string(256, 'a')));
  EXPECT_EQ(check_subject_name(std::string(257, 'a')).error().message, "a subject name of 257 bytes, the limit is 256");
}

TEST(EnrolListOfFolder, UnderstandsFoldersAndFilesSideBySide) {
  const TestFolder root;
  root.touch("Ada/1.jpg");
  root.touch("Ada/old/2.PNG");
  root.touch("Ada/notes.txt");
  root.touch("Zoë Müller/x.webp");
  root.touch("Alan_0001.jpg");
  root.touch("Alan_0002.jpg");
  root.touch("readme.md");
  root.touch(".hidden/3.jpg");
  const Result<EnrolList> list = enrol_list_of_folder(root.path());
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->pictures, (Pictures{{root / "Alan_0001.jpg", "Alan"},
                                      {root / "Alan_0002.jpg", "Alan"},
                                      {root / "Ada/1.jpg", "Ada"},
                                      {root / "Ada/old/2.PNG", "Ada"},
                                      {root / "Zoë Müller/x.webp", "Zoë Müller"}}));
  EXPECT_TRUE(list->errors.empty());
}

TEST(EnrolListOfFolder, TellsWhatItCouldNotUse) {
  const TestFolder root;
  root.touch("Ada/1.jpg");
  root.make_folder("Empty");
  root.touch("bad\xff/1.jpg");
  const Result<EnrolList> list = enrol_list_of_folder(root.path());
  ASSERT_TRUE(list);
  EXPECT_EQ(list->pictures.size(), 1U);
  ASSERT_EQ(list->errors.size(), 2U);
  EXPECT_EQ(list->errors[0].path, root / "Empty");
  EXPECT_EQ(list->errors[0].error.code, ErrorCode::not_found);
  EXPECT_EQ(list->errors[1].error.code, ErrorCode::invalid_argument);
}

TEST(EnrolListOfFolder, TakesNobodyForALinkBackToTheFolder) {
  const TestFolder root;
  root.touch("Ada/1.jpg");
  root.link("Ada/all", "..");
  root.link("people", ".");
  const Result<EnrolList> list = enrol_list_of_folder(root.path());
  ASSERT_TRUE(list);
  EXPECT_EQ(list->pictures, (Pictures{{root / "Ada/1.jpg", "Ada"}}));
  ASSERT_EQ(list->errors.size(), 2U);
  EXPECT_EQ(list->errors[0].error.message,
            (root / "Ada/all") + ": a symbolic link back to " + root.path() + ", not followed");
  EXPECT_EQ(list->errors[1].error.message,
            (root / "people") + ": a symbolic link back to " + root.path() + ", not followed");
}

TEST(EnrolListOfFolder, ThatHoldsNothingIsAnError) {
  const TestFolder root;
  EXPECT_EQ(enrol_list_of_folder(root.path()).error().code, ErrorCode::not_found);
  EXPECT_EQ(enrol_list_of_folder(root / "missing").error().message,
            (root / "missing") + ": cannot list the folder: no such file or folder");
  root.touch("a.jpg");
  EXPECT_EQ(enrol_list_of_folder(root / "a.jpg").error().code, ErrorCode::not_found);
}

TEST(EnrolListOfCsv, ReadsFilesBesideItself) {
  const TestFolder root;
  root.touch("a.jpg");
  root.touch("sub/b c.jpg");
  root.write("list.csv",
             "Subject,note,FILE\r\n\"Lovelace, Ada\",x,a.jpg\r\nZoë,,sub/b c.jpg\r\nZoë,again,sub/b c.jpg\r\n");
  const Result<EnrolList> list = enrol_list_of_csv(root / "list.csv");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->pictures, (Pictures{{root / "a.jpg", "Lovelace, Ada"}, {root / "sub/b c.jpg", "Zoë"}}));
  EXPECT_TRUE(list->errors.empty());
}

TEST(EnrolListOfCsv, NamesTheLineOfEachBadRowAndKeepsTheGoodOnes) {
  const TestFolder root;
  root.touch("a.jpg");
  root.touch("b.jpg");
  root.write("list.csv",
             "file,subject\na.jpg,Ada\na.jpg\nmissing.jpg,Bob\nb.jpg,\n,Bob\na.jpg,Bob\nb.jpg,\"Bo\nb.jpg,Bea\n");
  const Result<EnrolList> list = enrol_list_of_csv(root / "list.csv");
  ASSERT_TRUE(list) << list.error().message;
  EXPECT_EQ(list->pictures, (Pictures{{root / "a.jpg", "Ada"}, {root / "b.jpg", "Bea"}}));
  std::vector<std::string> messages;
  const std::string csv = root / "list.csv";
  for (const InputError& error : list->errors) {
    EXPECT_EQ(error.path, csv) << "the file is the list, the line a part of the message";
    messages.push_back(error.error.message);
  }
  EXPECT_EQ(messages,
            (std::vector<std::string>{csv + ": line 3: 1 field(s), too few for file and subject",
                                      csv + ": line 4: " + (root / "missing.jpg") + ": no such file or folder",
                                      csv + ": line 5: an empty subject name", csv + ": line 6: no file name",
                                      csv + ": line 7: " + (root / "a.jpg") + " is Ada in a line above",
                                      csv + ": line 8: a quote that is not closed"}));
}

TEST(EnrolListOfCsv, WithoutARowIsAnErrorThatNamesIt) {
  for (const char* text : {"file,subject\n", "file,subject", "subject,file\r\n"})
    EXPECT_EQ(parse_enrol_csv(text, "list.csv", "").error(),
              (Error{ErrorCode::not_found, "list.csv: no row below the header"}));
}

TEST(EnrolListOfCsv, WithoutItsTwoColumnsIsAnError) {
  for (const char* text : {"", "a.jpg,Ada\n", "file;subject\n", "file\na.jpg\n"}) {
    const Result<EnrolList> list = parse_enrol_csv(text, "list.csv", "");
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error(),
              (Error{ErrorCode::corrupt_data, "list.csv: line 1: no header with the columns file and subject"}));
  }
}

}  // namespace
}  // namespace vultus::media
