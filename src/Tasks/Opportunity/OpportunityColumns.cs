namespace Fleet.Tasks.Opportunity;

/// <summary>
/// Which of the 250 columns of an Opportunity file are read, counted from 1 as in its <c>column_names.txt</c>: column 1 is the time
/// in ms; of the sensors those 77 that Hammerla et al. 2016 take (arXiv 1604.08880): accelerometer, gyroscope and magnetometer of
/// the five inertial units of back and arms, without their quaternions, and all of the two of the shoes; column 250 is the gesture
/// of both arms.
/// </summary>
internal static class OpportunityColumns
{
    public const int Count = 250;

    private const int UnitColumns = 13;
    private const int FirstUnit = 38;
    private const int FirstShoe = 103;

    private static readonly string[] Units = ["back", "right_upper_arm", "right_lower_arm", "left_upper_arm", "left_lower_arm"];

    private static readonly string[] UnitSensors = ["acc_x", "acc_y", "acc_z", "gyro_x", "gyro_y", "gyro_z", "mag_x", "mag_y", "mag_z"];

    private static readonly string[] Shoes = ["left_shoe", "right_shoe"];

    private static readonly string[] ShoeSensors =
    [
        "euler_x", "euler_y", "euler_z", "nav_acc_x", "nav_acc_y", "nav_acc_z", "body_acc_x", "body_acc_y", "body_acc_z",
        "body_gyro_x", "body_gyro_y", "body_gyro_z", "nav_gyro_x", "nav_gyro_y", "nav_gyro_z", "compass",
    ];

    /// <summary>The sensors, by column, in the order of the file.</summary>
    public static IReadOnlyList<(int Column, string Name)> Sensors { get; } =
    [
        .. Units.SelectMany((unit, number) => UnitSensors.Select((sensor, place) => (FirstUnit + (number * UnitColumns) + place, $"{unit}_{sensor}"))),
        .. Shoes.SelectMany((shoe, number) => ShoeSensors.Select((sensor, place) => (FirstShoe + (number * ShoeSensors.Length) + place, $"{shoe}_{sensor}"))),
    ];

    /// <summary>The gestures by the code that column 250 has for them (the data set's <c>label_legend.txt</c>).</summary>
    public static IReadOnlyList<(int Code, string Name)> Gestures { get; } =
    [
        (0, "none"),
        (406516, "open_door_1"),
        (406517, "open_door_2"),
        (404516, "close_door_1"),
        (404517, "close_door_2"),
        (406520, "open_fridge"),
        (404520, "close_fridge"),
        (406505, "open_dishwasher"),
        (404505, "close_dishwasher"),
        (406519, "open_drawer_1"),
        (404519, "close_drawer_1"),
        (406511, "open_drawer_2"),
        (404511, "close_drawer_2"),
        (406508, "open_drawer_3"),
        (404508, "close_drawer_3"),
        (408512, "clean_table"),
        (407521, "drink_from_cup"),
        (405506, "toggle_switch"),
    ];
}
