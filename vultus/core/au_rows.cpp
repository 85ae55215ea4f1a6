// The rows of the AU hub.
#include <vultus/core/au_table.hpp>

namespace vultus {
namespace {

using enum AuMeasure;
constexpr AuSide kRight = AuSide::right, kLeft = AuSide::left, kMiddle = AuSide::both;

// Sources that many rows share. full_scale is the change of the row's own signal on the mean head of ICT-FaceKit, seen
// from the front, when the row's shapes have their weights: vultus/face3d/au_geometry_test.cpp computes it again.
constexpr std::string_view kGeometry = "mean head of ICT-FaceKit at the weights of this row, frontal";
constexpr std::string_view kWeakGeometry =
    "mean head of ICT-FaceKit at the weights of this row, frontal; small against the noise of landmarks: needs "
    "appearance";
constexpr std::string_view kPrior =
    "set by hand: .8 for a unit of the emotion's prototype (EMFACS, Friesen and Ekman 1983), .4 for one that many "
    "people "
    "add (after Du, Tao and Martinez, PNAS 111(15) 2014, table 1), .05 otherwise; for neutral .03, .1 where talk or "
    "blinking moves it";
constexpr std::string_view kServo =
    "set by hand; joints: brow_inner, brow_outer, lid_upper, lid_lower, cheek, mouth_corner_height, mouth_corner_width "
    "(each side), lip_upper, lip_lower, jaw_open";

constexpr double kProto = .8, kSome = .4, kRare = .05, kStill = .03, kTalk = .1;

// Rows of different lengths, each with a name of its own.
// NOLINTBEGIN(modernize-avoid-c-arrays)
constexpr AuDistance kInnerBrow[] = {{down, 21, 39, 1, kRight}, {down, 22, 42, 1, kLeft}};
constexpr AuDistance kOuterBrow[] = {
    {down, 17, 36, 1, kRight}, {down, 18, 36, 1, kRight}, {down, 26, 45, 1, kLeft}, {down, 25, 45, 1, kLeft}};
constexpr AuDistance kBrowLow[] = {
    {across, 21, 22, -1, kMiddle}, {down, 20, 39, -1, kRight}, {down, 23, 42, -1, kLeft}};
constexpr AuDistance kUpperLid[] = {
    {down, 37, 36, 1, kRight}, {down, 38, 39, 1, kRight}, {down, 43, 42, 1, kLeft}, {down, 44, 45, 1, kLeft}};
constexpr AuDistance kOuterLowerLid[] = {{down, 36, 41, -1, kRight}, {down, 45, 46, -1, kLeft}};
constexpr AuDistance kInnerLowerLid[] = {{down, 39, 40, -1, kRight}, {down, 42, 47, -1, kLeft}};
constexpr AuDistance kNose[] = {{distance, 27, 31, -1, kRight}, {distance, 27, 35, -1, kLeft}};
constexpr AuDistance kUpperLip[] = {{down, 33, 50, -1, kRight}, {down, 33, 52, -1, kLeft}};
constexpr AuDistance kCornerUp[] = {
    {across, 48, 33, 1, kRight}, {across, 33, 54, 1, kLeft}, {down, 33, 48, -1, kRight}, {down, 33, 54, -1, kLeft}};
constexpr AuDistance kDimple[] = {{across, 48, 33, 1, kRight}, {across, 33, 54, 1, kLeft}};
constexpr AuDistance kCornerDown[] = {{down, 51, 48, 1, kRight}, {down, 51, 54, 1, kLeft}};
constexpr AuDistance kChin[] = {{down, 33, 57, -1, kMiddle}, {down, 33, 8, -1, kMiddle}};
constexpr AuDistance kStretch[] = {
    {across, 48, 33, 1, kRight}, {across, 33, 54, 1, kLeft}, {down, 33, 48, 1, kRight}, {down, 33, 54, 1, kLeft}};
constexpr AuDistance kLipHeight[] = {{down, 51, 57, -1, kMiddle}};
constexpr AuDistance kLipGap[] = {
    {distance, 61, 67, 1, kMiddle}, {distance, 62, 66, 1, kMiddle}, {distance, 63, 65, 1, kMiddle}};
constexpr AuDistance kJaw[] = {{down, 33, 8, 1, kMiddle}};
constexpr AuDistance kLipRed[] = {{down, 51, 62, -1, kMiddle}, {down, 66, 57, -1, kMiddle}};
constexpr AuDistance kLids[] = {{distance, 37, 41, -1, kRight},
                                {distance, 38, 40, -1, kRight},
                                {distance, 43, 47, -1, kLeft},
                                {distance, 44, 46, -1, kLeft}};

constexpr AuShape kShape1[] = {{"browInnerUp"}};
constexpr AuShape kShape2[] = {{"browOuterUp"}};
constexpr AuShape kShape4[] = {{"browDown"}};
constexpr AuShape kShape5[] = {{"eyeWide"}};
constexpr AuShape kShape6[] = {{"cheekRaiser"}};
constexpr AuShape kShape7[] = {{"eyeSquint"}};
constexpr AuShape kShape9[] = {{"noseSneer"}};
constexpr AuShape kShape10[] = {{"mouthUpperUp"}};
constexpr AuShape kShape12[] = {{"mouthSmile"}};
constexpr AuShape kShape14[] = {{"mouthDimple"}};
constexpr AuShape kShape15[] = {{"mouthFrown"}};
constexpr AuShape kShape17[] = {{"mouthShrugLower", 1, false}};
constexpr AuShape kShape20[] = {{"mouthStretch"}};
constexpr AuShape kShape23[] = {{"mouthPress"}};
constexpr AuShape kShape25[] = {{"mouthLowerDown"}};
constexpr AuShape kShape26[] = {{"jawOpen", .6, false}};
constexpr AuShape kShape28[] = {{"mouthRollLower", 1, false}, {"mouthRollUpper", 1, false}};
constexpr AuShape kShape45[] = {{"eyeBlink"}};

constexpr AuServo kServo1[] = {{"brow_inner", 1}};
constexpr AuServo kServo2[] = {{"brow_outer", 1}};
constexpr AuServo kServo4[] = {{"brow_inner", -1}, {"brow_outer", -.4}};
constexpr AuServo kServo5[] = {{"lid_upper", 1}};
constexpr AuServo kServo6[] = {{"cheek", 1}, {"lid_lower", .4}};
constexpr AuServo kServo7[] = {{"lid_lower", .8}, {"lid_upper", -.2}};
constexpr AuServo kServo9[] = {{"brow_inner", -.4}, {"lip_upper", .5, false}};
constexpr AuServo kServo10[] = {{"lip_upper", 1, false}};
constexpr AuServo kServo12[] = {{"mouth_corner_height", 1}, {"mouth_corner_width", .8}};
constexpr AuServo kServo14[] = {{"mouth_corner_width", .4}};
constexpr AuServo kServo15[] = {{"mouth_corner_height", -1}};
constexpr AuServo kServo17[] = {{"lip_lower", .7, false}};
constexpr AuServo kServo20[] = {{"mouth_corner_width", 1}, {"mouth_corner_height", -.3}};
constexpr AuServo kServo23[] = {{"lip_upper", -.4, false}, {"lip_lower", .3, false}, {"mouth_corner_width", -.3}};
constexpr AuServo kServo25[] = {{"lip_lower", -.8, false}};
constexpr AuServo kServo26[] = {{"jaw_open", .6, false}};
constexpr AuServo kServo28[] = {{"lip_upper", -.8, false}, {"lip_lower", .6, false}, {"jaw_open", .1, false}};
constexpr AuServo kServo45[] = {{"lid_upper", -1}};

// P(unit | emotion): surprise, fear, disgust, happiness, sadness, anger, neutral.
constexpr ActionUnit kRows[] = {
    {1,
     "inner brow raiser",
     true,
     kInnerBrow,
     .060,
     kGeometry,
     kShape1,
     {kProto, kProto, kRare, kRare, kProto, kRare, kStill},
     kPrior,
     {"The {side}inner brow rises a little.", "The {side}inner brow rises.", "The {side}inner brow rises high."},
     kServo1,
     kServo},
    {2,
     "outer brow raiser",
     true,
     kOuterBrow,
     .069,
     kGeometry,
     kShape2,
     {kProto, kProto, kRare, kRare, kRare, kRare, kStill},
     kPrior,
     {"The {side}outer brow rises a little.", "The {side}outer brow rises.", "The {side}outer brow rises high."},
     kServo2,
     kServo},
    {4,
     "brow lowerer",
     true,
     kBrowLow,
     .040,
     kWeakGeometry,
     kShape4,
     {kRare, kProto, kSome, kRare, kProto, kProto, kStill},
     kPrior,
     {"The {side}brow is lowered a little.", "The {side}brow is lowered.", "The {side}brow is lowered deeply."},
     kServo4,
     kServo},
    {5,
     "upper lid raiser",
     true,
     kUpperLid,
     .025,
     kWeakGeometry,
     kShape5,
     {kProto, kProto, kRare, kRare, kRare, kProto, kStill},
     kPrior,
     {"The {side}upper lid is raised a little.", "The {side}upper lid is raised.",
      "The {side}upper lid is raised wide."},
     kServo5,
     kServo},
    {6,
     "cheek raiser",
     true,
     kOuterLowerLid,
     .020,
     kWeakGeometry,
     kShape6,
     {kRare, kRare, kRare, kProto, kSome, kRare, kStill},
     kPrior,
     {"The {side}cheek is raised a little.", "The {side}cheek is raised.", "The {side}cheek is raised strongly."},
     kServo6,
     kServo},
    {7,
     "lid tightener",
     true,
     kInnerLowerLid,
     .018,
     kWeakGeometry,
     kShape7,
     {kRare, kProto, kRare, kSome, kRare, kProto, kStill},
     kPrior,
     {"The {side}eyelid is tightened a little.", "The {side}eyelid is tightened.",
      "The {side}eyelid is tightened strongly."},
     kServo7,
     kServo},
    {9,
     "nose wrinkler",
     true,
     kNose,
     .088,
     kWeakGeometry,
     kShape9,
     {kRare, kRare, kProto, kRare, kRare, kRare, kStill},
     kPrior,
     {"The {side}nose wrinkles a little.", "The {side}nose wrinkles.", "The {side}nose wrinkles strongly."},
     kServo9,
     kServo},
    {10,
     "upper lip raiser",
     true,
     kUpperLip,
     .063,
     kGeometry,
     kShape10,
     {kRare, kRare, kSome, kRare, kRare, kSome, kStill},
     kPrior,
     {"The {side}upper lip is raised a little.", "The {side}upper lip is raised.",
      "The {side}upper lip is raised strongly."},
     kServo10,
     kServo},
    {12,
     "lip corner puller",
     true,
     kCornerUp,
     .095,
     kGeometry,
     kShape12,
     {kRare, kRare, kRare, kProto, kRare, kRare, kStill},
     kPrior,
     {"The {side}mouth corner is pulled up a little.", "The {side}mouth corner is pulled up.",
      "The {side}mouth corner is pulled up strongly."},
     kServo12,
     kServo},
    {14,
     "dimpler",
     true,
     kDimple,
     .0095,
     kWeakGeometry,
     kShape14,
     {kRare, kRare, kRare, kRare, kRare, kRare, kStill},
     kPrior,
     {"The {side}mouth corner is drawn in a little.", "The {side}mouth corner is drawn in.",
      "The {side}mouth corner is drawn in strongly."},
     kServo14,
     kServo},
    {15,
     "lip corner depressor",
     true,
     kCornerDown,
     .039,
     kGeometry,
     kShape15,
     {kRare, kRare, kProto, kRare, kProto, kRare, kStill},
     kPrior,
     {"The {side}mouth corner is pulled down a little.", "The {side}mouth corner is pulled down.",
      "The {side}mouth corner is pulled down strongly."},
     kServo15,
     kServo},
    {17,
     "chin raiser",
     false,
     kChin,
     .0885,
     kGeometry,
     kShape17,
     {kRare, kRare, kSome, kRare, kSome, kSome, kStill},
     kPrior,
     {"The chin is raised a little.", "The chin is raised.", "The chin is raised strongly."},
     kServo17,
     kServo},
    {20,
     "lip stretcher",
     true,
     kStretch,
     .052,
     kGeometry,
     kShape20,
     {kRare, kProto, kRare, kRare, kRare, kRare, kStill},
     kPrior,
     {"The {side}mouth corner is stretched a little.", "The {side}mouth corner is stretched.",
      "The {side}mouth corner is stretched strongly."},
     kServo20,
     kServo},
    {23,
     "lip tightener",
     false,
     kLipHeight,
     .050,
     kGeometry,
     kShape23,
     {kRare, kRare, kRare, kRare, kRare, kProto, kStill},
     kPrior,
     {"The lips are tightened a little.", "The lips are tightened.", "The lips are tightened strongly."},
     kServo23,
     kServo},
    {25,
     "lips part",
     false,
     kLipGap,
     .065,
     kGeometry,
     kShape25,
     {kSome, kSome, kRare, kSome, kRare, kRare, kTalk},
     kPrior,
     {"The lips part a little.", "The lips part.", "The lips part wide."},
     kServo25,
     kServo},
    {26,
     "jaw drop",
     false,
     kJaw,
     .181,
     kGeometry,
     kShape26,
     {kProto, kProto, kRare, kRare, kRare, kRare, kTalk},
     kPrior,
     {"The jaw drops a little.", "The jaw drops.", "The jaw drops far."},
     kServo26,
     kServo},
    {28,
     "lip suck",
     false,
     kLipRed,
     .072,
     kGeometry,
     kShape28,
     {kRare, kRare, kRare, kRare, kRare, kRare, kStill},
     kPrior,
     {"The lips are sucked in a little.", "The lips are sucked in.", "The lips are sucked in strongly."},
     kServo28,
     kServo},
    {45,
     "blink",
     true,
     kLids,
     .081,
     kGeometry,
     kShape45,
     {kTalk, kTalk, kTalk, kTalk, kTalk, kTalk, kTalk},
     kPrior,
     {"The {side}eye narrows.", "The {side}eye is half closed.", "The {side}eye is closed."},
     kServo45,
     kServo},
};

// NOLINTEND(modernize-avoid-c-arrays)

}  // namespace

std::span<const ActionUnit> au_table() { return kRows; }

}  // namespace vultus
